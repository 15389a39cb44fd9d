"""Background work: messages that leave, letters that become PDFs, timers that fall due. Only this package knows the job engine."""
