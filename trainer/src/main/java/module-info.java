/**
 * Learns classifiers on the kernels: data sets, models, training, evaluation, and the command line.
 *
 * <p>A program that trains reads {@link lanewise.trainer.data.IdxFolder}, {@link lanewise.trainer.model.Model} and
 * {@link lanewise.trainer.train.Trainer}, in this order.
 */
module lanewise.trainer {
    requires transitive lanewise.kernels;
    requires de.siegmar.fastcsv;
    requires info.picocli;
    requires tools.jackson.core;
    requires tools.jackson.databind;

    exports lanewise.trainer;
    exports lanewise.trainer.course;
    exports lanewise.trainer.data;
    exports lanewise.trainer.eval;
    exports lanewise.trainer.model;
    exports lanewise.trainer.run;
    exports lanewise.trainer.train;
}
