"""MkDocs: the process that builds and serves, its hook, the navigation and a Markdown extension."""
