package lanewise.benchmarks.scoreboard;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import lanewise.benchmarks.Failure;
import lanewise.benchmarks.WholeFile;

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
                    // Said now, and not when all has been measured.
                    if (json.toString().equals("-") || !WholeFile.canWrite(json)) {
                        throw new Failure(
                                Failure.USAGE, "--json needs a file that can be written (found " + json + ")");
                    }
                }
                default ->
                    throw new Failure(
                            Failure.USAGE,
                            "scoreboard: unknown option " + option + " (expected --full, --peers or --json FILE)");
            }
        }
        return new ScoreboardOptions(full, peers, json);
    }
}
