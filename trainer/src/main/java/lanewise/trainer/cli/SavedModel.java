package lanewise.trainer.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.ClassNames;
import lanewise.trainer.data.DataReader;
import lanewise.trainer.data.Scaling;
import lanewise.trainer.model.Model;
import lanewise.trainer.model.ModelFormat;
import lanewise.trainer.train.Provenance;

/**
 * A model from a file, and what the file says about using it.
 *
 * @param model the model
 * @param provenance where it comes from; empty if another program wrote the file
 */
record SavedModel(Model model, Optional<Provenance> provenance) {
    static final Option<Path> OPTION = Option.path("MODEL", "FILE", "the model, as train --out wrote it");

    /**
     * Reads a model.
     *
     * @throws LanewiseException if it cannot be read, or its provenance is not that of this model
     */
    static SavedModel load(Path file) {
        return of(Model.load(file), file);
    }

    /**
     * What its file says about a model that has been read.
     *
     * @throws LanewiseException if its provenance is not that of this model
     */
    static SavedModel of(Model model, Path file) {
        try {
            Optional<Provenance> provenance = Provenance.of(model.metadata());
            provenance.ifPresent(p -> requireOwn(p, model));
            return new SavedModel(model, provenance);
        } catch (LanewiseException e) {
            throw e.in(file);
        }
    }

    private static void requireOwn(Provenance provenance, Model model) {
        int classes = model.architecture().classes();
        int features = model.architecture().features();
        LanewiseException e = new LanewiseException(ExitCode.BAD_DATA, "the provenance is that of another model")
                .at("__metadata__." + ModelFormat.KEY);
        if (provenance.classes().size() != classes) {
            throw e.expected(classes + " classes", provenance.classes().size());
        }
        if (!provenance.scaling().fits(features)) {
            throw e.expected("a scaling of " + features + " features", "another number");
        }
        int names = provenance.featureNames().size();
        if (names != 0 && names != features) {
            throw e.expected(features + " names of features", names);
        }
    }

    /** The names of the classes, or nothing where they say no more than their number. */
    List<String> classNames() {
        return provenance
                .map(Provenance::classes)
                .filter(names -> !ClassNames.areCounted(names))
                .orElse(List.of());
    }

    /** The names of the classes, 0, 1 and so on where the file has none. */
    List<String> allClassNames() {
        return provenance
                .map(Provenance::classes)
                .orElseGet(() -> ClassNames.counted(model.architecture().classes()));
    }

    /** By which number sparse rows count their first column, or -1 if the file does not say. */
    int firstIndex() {
        return provenance.map(Provenance::firstIndex).orElse(-1);
    }

    /** Reads rows that are like those it has learned from. */
    DataReader reader(DataReader.Builder options) {
        return options.like(model.architecture().features(), allClassNames())
                .featureNames(provenance.map(Provenance::featureNames).orElse(List.of()))
                .firstIndex(firstIndex())
                .build();
    }

    /** What is done to the features first, or what is usual for the input if the file does not say. */
    Scaling scalingOr(Scaling usual) {
        return provenance.map(Provenance::scaling).orElse(usual);
    }
}
