"""What is to be done later: tasks put in the transaction of their cause. Imports nothing of ours but the database."""
