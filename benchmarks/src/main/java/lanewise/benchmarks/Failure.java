package lanewise.benchmarks;

/** Ends a run with an exit status and one line that says why. */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** A benchmark failed, or cannot be trusted. */
    public static final int FAILED = 1;

    /** The command line makes no sense. */
    public static final int USAGE = 2;

    private final int status;

    /**
     * A reason to end the run.
     *
     * @param status the exit status
     * @param message one line
     */
    public Failure(int status, String message) {
        super(message);
        this.status = status;
    }

    /**
     * The exit status.
     *
     * @return not 0
     */
    public int status() {
        return status;
    }
}
