package lanewise.trainer.cli;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What the table's Test is.
 *
 * @param fraction a part of the rows, or null
 * @param file other rows, or null
 */
record Validation(Float fraction, Path file) {
    static Validation parse(String text) {
        if (!text.matches("[-+]?\\.?[0-9][-+.0-9eE]*")) {
            if (text.isEmpty() || text.startsWith("--")) {
                throw new IllegalArgumentException();
            }
            return new Validation(null, Path.of(text));
        }
        float fraction = Float.parseFloat(text);
        if (!(fraction > 0 && fraction < 1)) {
            throw new IllegalArgumentException();
        }
        return new Validation(fraction, null);
    }

    /** The file of a validation that is one. */
    static Optional<Path> fileOf(Validation validation) {
        return Optional.ofNullable(validation).map(Validation::file);
    }

    @Override
    public String toString() {
        return fraction == null ? file.toString() : fraction.toString();
    }
}
