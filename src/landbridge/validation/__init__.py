"""Published figures run again, with the error shown."""
