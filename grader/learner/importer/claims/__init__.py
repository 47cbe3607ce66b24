"""What a journal says is done or planned: check boxes, and tables with a status."""
