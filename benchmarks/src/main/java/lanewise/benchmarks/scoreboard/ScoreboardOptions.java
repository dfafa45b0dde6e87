package lanewise.benchmarks.scoreboard;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import lanewise.benchmarks.Failure;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.io.AtomicFile;

/**
 * What the scoreboard is asked for.
 *
 * @param full whether to measure all rows
 * @param peers whether to race every peer
 * @param json where to write the rows, or null
 */
public record ScoreboardOptions(boolean full, boolean peers, Path json) {
    /**
     * Reads the command line.
     *
     * @param args {@code [--full] [--peers] [--json FILE]}
     * @return the options
     * @throws Failure if there is anything else, or the file cannot be written
     */
    public static ScoreboardOptions parse(List<String> args) {
        boolean full = false;
        boolean peers = false;
        Path json = null;
        for (Iterator<String> rest = args.iterator(); rest.hasNext(); ) {
            String option = rest.next();
            switch (option) {
                case "--full" -> full = true;
                case "--peers" -> peers = true;
                case "--json" -> {
                    if (!rest.hasNext()) {
                        throw new Failure(Failure.USAGE, "--json needs a file");
                    }
                    json = Path.of(rest.next());
                    requireWritable(json);
                }
                default ->
                    throw new Failure(
                            Failure.USAGE,
                            "scoreboard: unknown option " + option + " (expected --full, --peers or --json FILE)");
            }
        }
        return new ScoreboardOptions(full, peers, json);
    }

    /** Said now, and not when all has been measured. */
    private static void requireWritable(Path json) {
        String line = "--json needs a file that can be written (found " + json + ")";
        if (json.toString().equals("-")) {
            throw new Failure(Failure.USAGE, line);
        }
        try {
            AtomicFile.checkWritable(json);
        } catch (LanewiseException e) {
            throw new Failure(Failure.USAGE, line);
        }
    }
}
