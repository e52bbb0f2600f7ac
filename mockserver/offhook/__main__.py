"""`python -m offhook` is `offhook`."""

from offhook.cli import main

if __name__ == "__main__":
    main(prog_name="python -m offhook")
