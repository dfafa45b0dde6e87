package lanewise.trainer.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import lanewise.trainer.LanewiseException;

/** Figures and names as they stand in the lines of a result. */
final class Text {
    /** As many names as a line has room for. */
    static final int MOST_NAMES = 10;

    private Text() {}

    /** Five digits behind the point, correctly rounded; what is not finite by its name. */
    static String fixed(double x) {
        return !Double.isFinite(x)
                ? Double.toString(x)
                : new BigDecimal(x).setScale(5, RoundingMode.HALF_EVEN).toPlainString();
    }

    /** The same where a column has room for it, else five digits and a power of ten. */
    static String fixed(double x, int width) {
        String text = fixed(x);
        return text.length() <= width ? text : String.format(Locale.ROOT, "%.4e", new BigDecimal(x));
    }

    /** To the right of a column. */
    static String padded(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    /** Some names as a line has room for them: the first {@link #MOST_NAMES}, and whether there are more. */
    static String listed(List<String> names) {
        String first = String.join(", ", names.subList(0, Math.min(MOST_NAMES, names.size())));
        return LanewiseException.printable(names.size() > MOST_NAMES ? first + ", ..." : first);
    }
}
