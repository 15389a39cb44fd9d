"""The tests, by floor; tests/cast.py has the people, tests/databases.py the databases."""
