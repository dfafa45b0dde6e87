package lanewise.benchmarks;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** Where the project stands: the benchmarks know it from where they were loaded. */
public final class Checkout {
    private Checkout() {}

    /**
     * The folder of the project.
     *
     * @return the folder three above {@code benchmarks/target/classes}, or above a jar in {@code benchmarks/target}
     */
    public static Path root() {
        return origin(Checkout.class).resolve("../../..").normalize();
    }

    /** The folder or the jar that a class was loaded from. */
    static Path origin(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
