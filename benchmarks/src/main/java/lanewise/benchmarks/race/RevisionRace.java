package lanewise.benchmarks.race;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
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
     * Prints a {@link Measurement} for each piece of work, but for those that the other revision does not have. Where the
     * operands lie and what the JIT has seen before may make the second to come slower, or faster: let the other revision
     * be the first in every other JVM.
     *
     * @param args the jars, whether theirs comes first, how long to race, and what to do
     */
    public static void main(String[] args) {
        boolean swapped = Boolean.parseBoolean(args[1]);
        double seconds = Double.parseDouble(args[2]);
        try (URLClassLoader theirs = loader(args[0]);
                URLClassLoader ours = loader("")) {
            for (int i = 3; i < args.length; i++) {
                Contender first = prepare(swapped ? theirs : ours, swapped, args[i]);
                Contender second = prepare(swapped ? ours : theirs, !swapped, args[i]);
                if (first != null && second != null) {
                    Work work = Work.parse(args[i]);
                    compare(work, swapped ? second : first, swapped ? first : second);
                    System.out.println(Measurement.of(work, Duel.race(first, second, seconds), swapped));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Says so where the revisions differ by more than another order of the sums makes, or do not tell what they made. */
    static void compare(Work work, Contender ours, Contender theirs) {
        try {
            if (ours.result().length == 0 || theirs.result().length == 0) {
                throw new IllegalStateException(work + ": the results are not compared");
            }
            Agreement.require(work, "the other revision", ours.result(), theirs.result());
        } catch (IllegalStateException e) {
            System.err.println("note: " + e.getMessage());
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

    /** What both loaders know alike is Runnable and float[]. Null if their revision lacks what the benchmark calls. */
    static Contender prepare(ClassLoader loader, boolean theirs, String work) {
        try {
            Runnable body = (Runnable) loader.loadClass(Ours.class.getName())
                    .getMethod("runnable", String.class)
                    .invoke(null, work);
            float[] made = result(body);
            return new Contender() {
                @Override
                public void run() {
                    body.run();
                }

                @Override
                public float[] result() {
                    return made;
                }
            };
        } catch (ReflectiveOperationException | LinkageError e) {
            if (!theirs) {
                throw new IllegalStateException("this build fails at " + work, e);
            }
            System.err.println("note: " + work + " is not to be had: " + e.getCause());
            return null;
        }
    }

    /** What one run has made, where the benchmark tells. */
    private static float[] result(Runnable body) throws ReflectiveOperationException {
        try {
            return (float[]) body.getClass().getMethod("result").invoke(body);
        } catch (InvocationTargetException e) {
            return new float[0];
        }
    }
}
