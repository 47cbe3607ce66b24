"""An update of the course: fetched, merged outside the working tree, then put in place."""
