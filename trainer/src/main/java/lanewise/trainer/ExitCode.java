package lanewise.trainer;

/** How a command ended, as its exit status says it. */
public enum ExitCode {
    /** Done. */
    OK(0),
    /** Something is wrong that has no code of its own, such as a fault that {@code doctor} has found. */
    FAILED(1),
    /** The command line makes no sense. */
    USAGE(2),
    /** The input is there, but damaged or of the wrong kind. */
    BAD_DATA(65),
    /** There is no such input, or it is not a regular file. */
    NO_INPUT(66),
    /** Training diverged: the loss or a weight is no longer finite. */
    DIVERGED(70),
    /** The work would not fit the heap. */
    NO_MEMORY(71),
    /** The output cannot be created. */
    CANNOT_CREATE(73),
    /** The operating system failed to read or to write. */
    IO_FAILED(74),
    /** Another run holds the lock. */
    LOCKED(75),
    /** Stopped by SIGINT. */
    INTERRUPTED(130),
    /** Nobody reads the results any more, as after {@code | head}: what a shell shows for a program that SIGPIPE ends. */
    CLOSED_PIPE(141),
    /** Stopped by SIGTERM. */
    TERMINATED(143);

    private final int status;

    ExitCode(int status) {
        this.status = status;
    }

    /**
     * The exit status of the process.
     *
     * @return a number in 0..255
     */
    public int status() {
        return status;
    }
}
