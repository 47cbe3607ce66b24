"""One module for each kind of page: ``pages(site, links)`` returns its Markdown by path."""
