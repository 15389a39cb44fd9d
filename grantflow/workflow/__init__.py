"""What may happen next: workflow files, their checks, the machine that fires them, guards and diagrams."""
