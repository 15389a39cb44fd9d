"""Programmes, funders and bodies that decide."""
