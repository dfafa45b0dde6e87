package lanewise.benchmarks.race;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Races the kernels of this class path against those of other jars, in a JVM of its own. */
public final class RevisionRace {
    private RevisionRace() {}

    /**
     * Prints a {@link Measurement} for each piece of work, but for those that the other revision does not have.
     *
     * @param args the jars, how long to race, and what to do
     */
    public static void main(String[] args) {
        double seconds = Double.parseDouble(args[1]);
        try (URLClassLoader theirs = loader(args[0]);
                URLClassLoader ours = loader("")) {
            for (int i = 2; i < args.length; i++) {
                Contender other = prepare(theirs, args[i]);
                if (other == null) {
                    continue;
                }
                Duel.Outcome outcome = Duel.race(prepare(ours, args[i]), other, seconds);
                System.out.println(new Measurement(
                        Work.parse(args[i]), outcome.a(), outcome.b(), outcome.ratio(), outcome.spread()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Loads everything anew, these jars first: classes of the same name from two loaders are two classes. */
    private static URLClassLoader loader(String first) throws IOException {
        List<URL> urls = new ArrayList<>();
        String path = first + File.pathSeparator + System.getProperty("java.class.path");
        for (String entry : Stream.of(path.split(File.pathSeparator))
                .filter(e -> !e.isEmpty())
                .toList()) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    /** What both loaders know alike is Runnable. Null if the revision lacks what the benchmark calls. */
    private static Contender prepare(ClassLoader loader, String work) {
        try {
            Runnable body = (Runnable) loader.loadClass(Ours.class.getName())
                    .getMethod("runnable", String.class)
                    .invoke(null, work);
            return new Contender() {
                @Override
                public void run() {
                    body.run();
                }

                @Override
                public float[] result() {
                    return new float[0];
                }
            };
        } catch (ReflectiveOperationException | LinkageError e) {
            System.err.println("note: " + work + " is not to be had: " + e.getCause());
            return null;
        }
    }
}
