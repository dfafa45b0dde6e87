package lanewise.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;

/** Listens to standard error. */
public final class Heard {
    private Heard() {}

    /**
     * Does something.
     *
     * @param work what to do
     * @return what it said on standard error
     */
    public static String from(Runnable work) {
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        PrintStream usual = System.err;
        System.setErr(new PrintStream(heard, true));
        try {
            work.run();
        } finally {
            System.setErr(usual);
        }
        return heard.toString();
    }
}
