"""Every command: the module and function behind it, and the line that help shows."""

COMMANDS = {
    "list": ("study:show_list", "Every exercise with its state."),
    "status": ("study:show_status", "How far you have come."),
    "next": ("study:show_next", "What to do next."),
    "hint": ("study:hint", "A hint for an exercise, one step further each time."),
    "solution": ("study:solution", "The reference beside your file."),
    "reset": ("study:reset", "A fresh stub; your file is saved aside first."),
    "skip": ("study:skip", "Leave an exercise for later."),
    "log": ("daily:log", "Add a line to today's log, or show the last days."),
    "read": ("read:read", "The reading list, and where you are with each entry."),
    "review": ("review:review", "Your notes' questions that are due, one by one."),
    "site": ("website:site", "Build or serve the site."),
    "fetch": ("model:fetch", "Fetch a real open model, for your own code to run."),
    "talk": ("model:talk", "Ask the open model, run by your own Llama."),
    "doctor": ("doctor:doctor", "Look for what keeps the grader from working."),
    "engine": ("engine:engine", "The process in the background that makes grading quick."),
    "tour": ("tour:tour", "Watch the whole loop once, in a copy that is thrown away."),
    "author": ("authoring:author", "For authors of the course."),
    "completion": ("shell:completion", "The script that completes names in your shell."),
    "watch": ("watch:watch", "Grade on save, on one screen."),
    "run": ("run:run", "Grade exercises (what plain `grade` does)."),
}
