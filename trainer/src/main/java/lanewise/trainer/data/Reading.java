package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.ExitCode.NO_INPUT;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import lanewise.trainer.LanewiseException;

/**
 * How a file is to be read, whatever its format.
 *
 * @param label what {@code --label} names, or null
 * @param labelled whether the rows must have labels
 * @param features how many features a row must have, or 0 if that is found
 * @param featureNames the names that the features must have where a table names them, or nothing at all
 * @param classes the classes that the labels must be of, or null if they are found
 * @param scaling what is done to the features, or null for what is usual for inputs of their kind
 * @param firstIndex the number of the first column of sparse rows, or -1 if that is found
 * @param maxFeatures the most features that are taken
 * @param keepMissing whether a value that is missing becomes NaN instead of an error
 * @param notes is told what was found
 */
record Reading(
        String label,
        boolean labelled,
        int features,
        List<String> featureNames,
        List<String> classes,
        Scaling scaling,
        int firstIndex,
        int maxFeatures,
        boolean keepMissing,
        Consumer<String> notes) {
    /** Stands for a label that is not there. */
    static final String NO_LABEL = "none";

    boolean withoutLabel() {
        return NO_LABEL.equals(label);
    }

    /** Whether the label is named by a number, which for an array is that of a column. */
    boolean hasLabelColumn() {
        return label != null && label.matches("[0-9]{1,9}");
    }

    /** The file that the label names. */
    Path labelFile() {
        try {
            return Path.of(label);
        } catch (InvalidPathException e) {
            throw new LanewiseException(NO_INPUT, "not the name of a file here")
                    .at("--label")
                    .expected("a file", label);
        }
    }

    /** The same for rows whose labels nobody asks for: they may be missing, and of any class. */
    Reading withoutLabels() {
        return new Reading(
                label,
                false,
                features,
                featureNames,
                LabelTable.UNWANTED,
                scaling,
                firstIndex,
                maxFeatures,
                keepMissing,
                notes);
    }

    LabelTable newLabelTable() {
        return new LabelTable(classes);
    }

    /** What is done to features, of which so much is usual. */
    Scaling scalingOr(Scaling usual) {
        return scaling == null ? usual : scaling;
    }

    /**
     * The same for rows that are to be like others, and labelled like these if they are; sparse ones may have more features,
     * unless their number is known.
     */
    Reading like(Dataset data) {
        return like(
                data.holdsSparse(),
                data.firstIndex(),
                data.features(),
                data.featureNames(),
                data.classNames(),
                data.scaling());
    }

    /** As {@link #like(Dataset)}. */
    Reading like(RawRows data) {
        return like(
                data.areSparse(),
                data.firstColumn(),
                data.features(),
                data.featureNames(),
                data.classNames(),
                data.usualScaling());
    }

    private Reading like(
            boolean sparse, int first, int width, List<String> names, List<String> found, Scaling scaling) {
        boolean areLabelled = !found.isEmpty();
        return new Reading(
                label,
                labelled || areLabelled,
                sparse ? features : width,
                sparse ? List.of() : names,
                areLabelled ? found : classes,
                scaling,
                sparse ? first : -1,
                maxFeatures,
                keepMissing,
                notes);
    }

    void requireWidth(long found, Path file) {
        if (features > 0 && found != features) {
            throw new LanewiseException(BAD_DATA, "rows of another width than the model takes")
                    .in(file)
                    .expected(features + " features", found);
        }
    }
}
