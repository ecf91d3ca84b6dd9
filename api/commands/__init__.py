"""The commands of `python -m api`: one module per noun. They call services and print; none asks a table."""
