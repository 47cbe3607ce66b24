"""The warm grader: where it is found, the server, preforked runs and their supervisor."""
