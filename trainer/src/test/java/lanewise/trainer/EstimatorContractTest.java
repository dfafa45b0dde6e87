package lanewise.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import lanewise.kernels.Softmax;
import lanewise.trainer.data.Csr;
import lanewise.trainer.data.DataReader;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.ImageShape;
import lanewise.trainer.data.NpyBytes;
import lanewise.trainer.data.Scaling;
import lanewise.trainer.eval.Evaluation;
import lanewise.trainer.model.Model;
import lanewise.trainer.model.Prediction;
import lanewise.trainer.train.ClassWeight;
import lanewise.trainer.train.EpochReport;
import lanewise.trainer.train.History;
import lanewise.trainer.train.Hyperparameters;
import lanewise.trainer.train.Provenance;
import lanewise.trainer.train.Trainer;
import lanewise.trainer.train.Training;
import lanewise.trainer.train.TrainingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What people may expect of any classifier, whatever learns it: the checks of scikit-learn's {@code check_estimator} that
 * make sense here, under the names that they have there. A model is what is fitted and predicts, a trainer has the
 * parameters, a data set the rows and labels.
 *
 * <p>Not here is what Java's types rule out already: an estimator that has no {@code fit} or has not been fitted (a model
 * always has weights), features that are complex numbers, objects or of another rank, and labels that are NaN or have two
 * dimensions. Nor what does not exist: sample weights, and class weights of one's own (check_class_weight_classifiers).
 */
@ParameterizedClass
@EnumSource
class EstimatorContractTest {
    private static final int ROWS = 120;
    private static final int FEATURES = 5;
    private static final int CLASSES = 3;
    private static final Dataset DATA = blobs(ROWS, FEATURES, CLASSES, 1);

    /** Models that have learned the data, for tests that only look at them. */
    private static final Map<Kind, Model> FITTED = new EnumMap<>(Kind.class);

    /** What can be learned. */
    enum Kind {
        SOFTMAX_REGRESSION,
        NETWORK
    }

    private final Kind kind;

    @TempDir
    Path folder;

    EstimatorContractTest(Kind kind) {
        this.kind = kind;
    }

    /** Rows around a centre for each class, which lie four deviations apart or more. */
    private static Dataset blobs(int rows, int features, int classes, long seed) {
        Random random = new Random(seed);
        float[] x = new float[rows * features];
        int[] y = new int[rows];
        for (int i = 0; i < rows; i++) {
            y[i] = i % classes;
            for (int j = 0; j < features; j++) {
                x[i * features + j] = (float) (.5 * random.nextGaussian() + (j % classes == y[i] ? 2 : 0));
            }
        }
        return Dataset.of(x, rows, features, y, classes);
    }

    private Model unfitted(int features, int classes) {
        return kind == Kind.SOFTMAX_REGRESSION
                ? Model.softmaxRegression(features, classes, true)
                : Model.mlp(features, List.of(16), classes, true, 1);
    }

    private static Trainer.Builder trainer() {
        return Trainer.builder()
                .epochs(10)
                .batch(10)
                .learningRate(.1f)
                .shuffle(true)
                .threads(1);
    }

    private Model fitted(Dataset data) {
        Model model = unfitted(data.features(), data.classes());
        trainer().build().fit(model, data, data);
        return model;
    }

    private Model fitted() {
        return FITTED.computeIfAbsent(kind, k -> fitted(DATA));
    }

    private static List<float[]> weights(Model model) {
        List<float[]> weights = new ArrayList<>();
        model.layers().forEach(layer -> {
            weights.add(layer.byOutput(layer.stored()));
            weights.add(layer.bias().clone());
        });
        return weights;
    }

    private static void assertSame(Model one, Model other) {
        List<float[]> expected = weights(one);
        List<float[]> found = weights(other);
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(found.get(i)).isEqualTo(expected.get(i));
        }
    }

    private static Prediction predict(Model model, Dataset data) {
        return model.predict(data.values(), data.rows());
    }

    // What a fit does, and what it leaves alone.

    /** check_classifiers_train: scikit-learn asks for an accuracy above 0.83 on the rows that were learned. */
    @Test
    void itLearnsWhatCanBeLearned() {
        Model model = fitted();
        assertThat(Evaluation.of(model, DATA).accuracy()).isGreaterThan(.83);
        assertThat(Evaluation.of(model, blobs(300, FEATURES, CLASSES, 2)).accuracy())
                .isGreaterThan(.83);
    }

    /** check_fit_idempotent */
    @Test
    void fittingTwiceGivesTheSameModel() {
        assertSame(fitted(), fitted(DATA));
    }

    /** check_estimators_fit_returns_self, check_estimator_cloneable: here the trainer is what can be used again. */
    @Test
    void aTrainerFitsAnyNumberOfModelsAndKeepsNothingOfThem() {
        Trainer trainer = trainer().build();
        Model first = unfitted(FEATURES, CLASSES);
        Model second = unfitted(FEATURES, CLASSES);
        trainer.fit(first, DATA, DATA);
        trainer.fit(unfitted(2, 2), blobs(20, 2, 2, 3), blobs(20, 2, 2, 3));
        trainer.fit(second, DATA, DATA);
        assertSame(first, second);
    }

    /** check_readonly_memmap_input, check_do_not_overwrite_X */
    @Test
    void neitherFitNorPredictWritesToTheRows() {
        float[] x = DATA.values().clone();
        int[] y = DATA.labels().clone();
        Dataset data = Dataset.of(x, ROWS, FEATURES, y, CLASSES);
        predict(fitted(data), data);
        assertThat(x).isEqualTo(DATA.values());
        assertThat(y).isEqualTo(DATA.labels());
    }

    /** check_dict_unchanged */
    @Test
    void predictingDoesNotChangeTheModel() {
        Model model = fitted();
        List<float[]> before = weights(model);
        predict(model, DATA);
        Evaluation.of(model, DATA);
        List<float[]> after = weights(model);
        for (int i = 0; i < before.size(); i++) {
            assertThat(after.get(i)).isEqualTo(before.get(i));
        }
    }

    /** check_estimators_overwrite_params, check_dont_overwrite_attributes */
    @Test
    void fittingDoesNotChangeTheParameters() {
        Trainer trainer = trainer().momentum(.5f).build();
        Hyperparameters before = trainer.hyperparameters();
        trainer.fit(unfitted(FEATURES, CLASSES), DATA, DATA);
        assertThat(trainer.hyperparameters()).isEqualTo(before);
    }

    /** check_non_transformer_estimators_n_iter */
    @Test
    void theHistoryHasAReportForEachEpoch() {
        List<Integer> told = new ArrayList<>();
        History history = trainer()
                .epochs(3)
                .build()
                .fit(unfitted(FEATURES, CLASSES), DATA, DATA, new TrainingListener() {
                    @Override
                    public void onEpoch(EpochReport report) {
                        told.add(report.epoch());
                    }
                });
        assertThat(history.epochs()).extracting(EpochReport::epoch).containsExactly(1, 2, 3);
        assertThat(told).containsExactly(1, 2, 3);
    }

    /** check_estimators_partial_fit_n_features: epochs by hand give the model of a fit. */
    @Test
    void epochsOneByOneGiveTheModelOfAFit() {
        Model model = unfitted(FEATURES, CLASSES);
        try (Training training = trainer().build().start(model, DATA)) {
            while (training.epochs() < 10) {
                training.epoch();
            }
        }
        assertSame(fitted(), model);
        assertThatThrownBy(() -> trainer().build().start(model, blobs(20, FEATURES + 1, CLASSES, 1)))
                .isInstanceOf(LanewiseException.class);
    }

    /** The option n_jobs, which scikit-learn checks for some estimators. */
    @Test
    void theNumberOfThreadsDoesNotMatter() {
        Model model = unfitted(FEATURES, CLASSES);
        trainer().threads(3).build().fit(model, DATA, DATA);
        assertSame(fitted(), model);
    }

    /**
     * check_class_weight_balanced_linear_classifier: the model is that of rows which are repeated until each class has as many.
     * Only the order of the sums differs, by a few roundings of 2^-24 in each of ten steps.
     */
    @Test
    void balancedClassesAreLearnedLikeRowsThatAreRepeated() {
        int[] times = {1, 2, 4};
        int[] once = IntStream.range(0, ROWS)
                .filter(row -> row < ROWS / times[DATA.labels()[row]])
                .toArray();
        int[] repeated = IntStream.of(once)
                .flatMap(row -> IntStream.generate(() -> row).limit(times[DATA.labels()[row]]))
                .toArray();
        assertThat(once).hasSize(70);
        assertThat(DATA.subset(repeated).classCounts()).containsOnly(ROWS / CLASSES);

        Trainer.Builder whole = trainer().batch(ROWS).shuffle(false);
        Model expected = unfitted(FEATURES, CLASSES);
        whole.build().fit(expected, DATA.subset(repeated), DATA);
        Model found = unfitted(FEATURES, CLASSES);
        whole.classWeight(ClassWeight.BALANCED).build().fit(found, DATA.subset(once), DATA);
        for (int i = 0; i < weights(expected).size(); i++) {
            assertThat(weights(found).get(i)).containsExactly(weights(expected).get(i), within(1e-5f));
        }
    }

    // Parameters.

    /** check_parameters_default_constructible */
    @Test
    void everyParameterHasADefault() {
        Model model = unfitted(FEATURES, CLASSES);
        Trainer.builder().build().fit(model, DATA, DATA);
        assertThat(model.firstNonFinite()).isNull();
    }

    /** check_get_params_invariance, check_set_params */
    @Test
    void parametersComeBackAsTheyWereSet() {
        Hyperparameters recipe = Trainer.builder()
                .epochs(3)
                .learningRate(.5f)
                .batch(7)
                .momentum(.9f)
                .weightDecay(.01f)
                .seed(5)
                .build()
                .hyperparameters();
        assertThat(recipe.epochs()).isEqualTo(3);
        assertThat(recipe.learningRate()).isEqualTo(.5f);
        assertThat(recipe.batch()).isEqualTo(7);
        assertThat(recipe.momentum()).isEqualTo(.9f);
        assertThat(recipe.weightDecay()).isEqualTo(.01f);
        assertThat(recipe.seed()).isEqualTo(5);
    }

    /**
     * check_do_not_raise_errors_in_init_or_set_params, check_param_validation: a bad value may be set, and is refused by its
     * name when the trainer is made.
     */
    @Test
    void badParametersAreRefusedByName() {
        Map<String, Trainer.Builder> bad = Map.of(
                "epochs", Trainer.builder().epochs(0),
                "lr", Trainer.builder().learningRate(Float.NaN),
                "momentum", Trainer.builder().momentum(1));
        bad.forEach((name, builder) -> assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name));
    }

    /** check_estimator_repr */
    @Test
    void parametersAndModelsDescribeThemselves() {
        assertThat(trainer().build().hyperparameters().toString()).contains("epochs=10", "learningRate=0.1");
        assertThat(unfitted(FEATURES, CLASSES).architecture().toString()).contains("5-", "-3");
    }

    // Predictions.

    /** check_classifiers_train: probabilities */
    @Test
    void probabilitiesAreThoseOfADistribution() {
        float[] p = predict(fitted(), DATA).probabilities();
        for (int row = 0; row < ROWS; row++) {
            double sum = 0;
            for (int c = 0; c < CLASSES; c++) {
                assertThat(p[row * CLASSES + c]).isBetween(0f, 1f);
                sum += p[row * CLASSES + c];
            }
            assertThat(sum).isCloseTo(1, within(1e-6));
        }
    }

    /** check_classifiers_train: predict is the argmax of predict_proba; check_decision_proba_consistency */
    @Test
    void theClassIsTheMostProbableOne() {
        Prediction prediction = predict(fitted(), DATA);
        for (int row = 0; row < ROWS; row++) {
            assertThat(prediction.classes()[row])
                    .isEqualTo(Prediction.argMax(prediction.probabilities(), row * CLASSES, CLASSES));
        }
    }

    /** check_classifiers_train: predict_log_proba is the logarithm of predict_proba; of logits by the kernels here. */
    @Test
    void logProbabilitiesAreTheLogarithms() {
        float[] logits = {1, -2, .5f, 3, 3, -8};
        float[] p = new float[6];
        float[] log = new float[6];
        Softmax.softmax(2, 3, logits, 0, 3, p, 0, 3);
        Softmax.logSoftmax(2, 3, logits, 0, 3, log, 0, 3);
        for (int i = 0; i < 6; i++) {
            assertThat((double) log[i]).isCloseTo(Math.log(p[i]), within(1e-5));
        }
    }

    /** check_fit_score_takes_y: the score is what the predictions say. */
    @Test
    void theAccuracyIsThatOfThePredictions() {
        Model model = fitted();
        Evaluation evaluation = Evaluation.of(model, DATA);
        int[] classes = predict(model, DATA).classes();
        int right = 0;
        for (int row = 0; row < ROWS; row++) {
            right += classes[row] == DATA.labels()[row] ? 1 : 0;
        }
        assertThat(evaluation.accuracy()).isCloseTo((double) right / ROWS, within(1e-12));
        assertThat(Arrays.stream(evaluation.confusion())
                        .flatMapToInt(Arrays::stream)
                        .sum())
                .isEqualTo(ROWS);
    }

    /** check_methods_subset_invariance */
    @Test
    void aRowIsPredictedAlikeAloneAndAmongOthers() {
        Model model = fitted();
        Prediction all = predict(model, DATA);
        for (int row = 0; row < ROWS; row++) {
            Prediction alone = predict(model, DATA.subset(new int[] {row}));
            assertThat(alone.classes()[0]).isEqualTo(all.classes()[row]);
            assertThat(alone.probabilities())
                    .isEqualTo(Arrays.copyOfRange(all.probabilities(), row * CLASSES, (row + 1) * CLASSES));
        }
    }

    /** check_methods_sample_order_invariance */
    @Test
    void theOrderOfTheRowsDoesNotMatter() {
        Model model = fitted();
        int[] backwards = new int[ROWS];
        Arrays.setAll(backwards, i -> ROWS - 1 - i);
        Prediction all = predict(model, DATA);
        Prediction reversed = predict(model, DATA.subset(backwards));
        for (int row = 0; row < ROWS; row++) {
            assertThat(reversed.classes()[ROWS - 1 - row]).isEqualTo(all.classes()[row]);
            assertThat(reversed.probabilities()[(ROWS - 1 - row) * CLASSES])
                    .isEqualTo(all.probabilities()[row * CLASSES]);
        }
    }

    /** check_estimators_pickle */
    @Test
    void aSavedModelPredictsTheSame() {
        Model model = fitted();
        Path file = folder.resolve("model.safetensors");
        model.save(file, Provenance.of(trainer().build(), DATA).toMetadata());
        Model loaded = Model.load(file);
        assertSame(model, loaded);
        assertThat(predict(loaded, DATA).probabilities())
                .isEqualTo(predict(model, DATA).probabilities());
    }

    /** check_estimators_unfitted: weights are there from the start, and softmax regression begins undecided. */
    @Test
    void aModelThatHasLearnedNothingIsNoBetterThanChance() {
        Model model = unfitted(FEATURES, CLASSES);
        assertThat(Evaluation.of(model, DATA).accuracy()).isLessThan(.83);
        if (kind == Kind.SOFTMAX_REGRESSION) {
            assertThat(predict(model, DATA).probabilities()).containsOnly(1f / CLASSES);
        }
    }

    // Kinds of data.

    /** check_estimators_dtypes: bytes, and floats of the same values. */
    @Test
    void bytesAreLearnedLikeFloatsOfTheSameValues() {
        byte[] pixels = new byte[ROWS * FEATURES];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) Math.round(Math.max(0, Math.min(255, 60 * DATA.values()[i] + 60)));
        }
        Dataset bytes = Dataset.ofPixels(pixels, ROWS, new ImageShape(1, FEATURES), DATA.labels(), CLASSES);
        Dataset floats = Dataset.of(bytes.values().clone(), ROWS, FEATURES, DATA.labels(), CLASSES);
        float[] expected = predict(fitted(floats), floats).probabilities();
        float[] found = predict(fitted(bytes), bytes).probabilities();
        for (int i = 0; i < expected.length; i++) {
            assertThat(found[i]).isCloseTo(expected[i], within(1e-4f));
        }
    }

    /** check_estimator_sparse_array, check_estimator_sparse_matrix */
    @Test
    void sparseRowsArePredictedLikeDenseOnes() {
        int[] rowStart = new int[ROWS + 1];
        int[] columns = new int[ROWS * FEATURES];
        for (int row = 0; row < ROWS; row++) {
            rowStart[row + 1] = (row + 1) * FEATURES;
            for (int j = 0; j < FEATURES; j++) {
                columns[row * FEATURES + j] = j;
            }
        }
        Csr rows = new Csr(rowStart, columns, DATA.values().clone());
        Dataset sparse = Dataset.ofSparse(rows, FEATURES, DATA.labels(), CLASSES);
        float[] expected = predict(fitted(), DATA).probabilities();
        float[] found = predict(fitted(sparse), sparse).probabilities();
        for (int i = 0; i < expected.length; i++) {
            assertThat(found[i]).isCloseTo(expected[i], within(1e-4f));
        }
    }

    /** check_f_contiguous_array_estimator: an array in Fortran's order has the features one behind the other. */
    @Test
    void rowsInFortransOrderAreLearnedLikeThoseInCs() throws IOException {
        ByteBuffer items = ByteBuffer.allocate(Float.BYTES * ROWS * FEATURES).order(ByteOrder.LITTLE_ENDIAN);
        for (int j = 0; j < FEATURES; j++) {
            for (int row = 0; row < ROWS; row++) {
                items.putFloat(DATA.values()[row * FEATURES + j]);
            }
        }
        String dict = NpyBytes.dict("<f4", "(120, 5)").replace("False", "True");
        byte[] x = NpyBytes.npy(dict, items.array());
        byte[] y = NpyBytes.bytes("(120,)", DATA.labels());
        Path file = Files.write(folder.resolve("data.npz"), NpyBytes.zip(true, "X.npy", x, "y.npy", y));
        assertSame(fitted(), fitted(DataReader.builder().build().read(file)));
    }

    /** check_pipeline_consistency: a scaling outside and inside the data set. */
    @Test
    void aScalingGivesTheModelOfScaledRows() {
        Scaling scaling = Scaling.fit(Scaling.Kind.STANDARD, DATA);
        float[] x = DATA.values().clone();
        scaling.apply(x, 0, ROWS, FEATURES);
        Dataset outside = Dataset.of(x, ROWS, FEATURES, DATA.labels(), CLASSES);
        assertSame(fitted(outside), fitted(DATA.scaled(scaling)));
    }

    /** check_classifiers_classes: names change nothing, and a class without rows is never preferred. */
    @Test
    void classesCanHaveNamesAndNoRows() {
        Dataset named = DATA.withClassNames(List.of("z", "a", "m"));
        assertSame(fitted(), fitted(named));
        assertThat(Provenance.of(trainer().build(), named).classes()).containsExactly("z", "a", "m");

        Dataset absent = Dataset.of(DATA.values(), ROWS, FEATURES, DATA.labels(), CLASSES + 1);
        assertThat(predict(fitted(absent), absent).classes()).doesNotContain(CLASSES);
    }

    /** check_classifiers_one_label */
    @Test
    void aSingleClassIsPredicted() {
        Dataset one = Dataset.of(DATA.values(), ROWS, FEATURES, new int[ROWS], 1);
        Prediction prediction = predict(fitted(one), one);
        assertThat(prediction.classes()).containsOnly(0);
        assertThat(prediction.probabilities()).containsOnly(1);
    }

    /** check_fit2d_1sample */
    @Test
    void oneRowIsEnough() {
        Dataset one = DATA.subset(new int[] {1});
        assertThat(predict(fitted(one), one).classes()).containsExactly(one.labels()[0]);
    }

    /** check_fit2d_1feature */
    @Test
    void oneFeatureIsEnough() {
        Dataset narrow = Dataset.of(new float[] {-1, 1, -2, 2, -3, 3}, 6, 1, new int[] {0, 1, 0, 1, 0, 1}, 2);
        assertThat(Evaluation.of(fitted(narrow), narrow).accuracy()).isEqualTo(1);
    }

    /** check_n_features_in */
    @Test
    void aModelKnowsHowManyFeaturesItTakes() {
        assertThat(fitted().architecture().features()).isEqualTo(FEATURES);
    }

    // What is refused.

    /** check_estimators_nan_inf, at fit */
    @Test
    void aFeatureThatIsNotFiniteIsRefusedByFit() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            float[] x = DATA.values().clone();
            x[7 * FEATURES + 2] = bad;
            Dataset data = Dataset.of(x, ROWS, FEATURES, DATA.labels(), CLASSES);
            String line = "row 7, feature 2: a value is not finite (expected a number, found " + bad + ")";
            Refusal.assertRefused(() -> fitted(data), ExitCode.BAD_DATA, line);
            Refusal.assertRefused(
                    () -> trainer().build().fit(unfitted(FEATURES, CLASSES), DATA, data), ExitCode.BAD_DATA, line);
            Csr rows = new Csr(new int[] {0, 0, 1, 1}, new int[] {2}, new float[] {bad});
            Dataset sparse = Dataset.ofSparse(rows, FEATURES, new int[3], CLASSES);
            Refusal.assertRefused(() -> fitted(sparse), ExitCode.BAD_DATA, line.replace("row 7", "row 1"));
        }
    }

    /** check_estimators_nan_inf, at predict */
    @Test
    void aFeatureThatIsNotFiniteIsRefusedByPredict() {
        Model model = fitted();
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            float[] x = DATA.values().clone();
            x[7 * FEATURES + 2] = bad;
            assertThatThrownBy(() -> model.predict(x, ROWS))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("feature 2 of row 7 is not finite: " + bad);
        }
    }

    /** Large is not infinite: no check_estimator asks for it, but a check for infinity may well get it wrong. */
    @Test
    void largeFeaturesAreTaken() {
        float[] x = {1e30f, -1e30f, -1e30f, 1e30f};
        Dataset data = Dataset.of(x, 2, 2, new int[] {0, 1}, 2);
        data.requireFinite();
        assertThat(unfitted(2, 2).predict(x, 2).classes()).hasSize(2);
    }

    /** check_estimators_empty_data_messages */
    @Test
    void nothingToLearnIsRefused() {
        assertThatThrownBy(() -> Dataset.of(new float[0], 0, FEATURES, new int[0], CLASSES))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a data set of 0 rows and 5 features");
        assertThatThrownBy(() -> Dataset.of(new float[0], 12, 0, new int[12], CLASSES))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a data set of 12 rows and 0 features");
    }

    /** check_supervised_y_2d, check_X_y: rows and labels that do not pair up. */
    @Test
    void aLabelTooFewOrTooManyIsRefused() {
        for (int labels : new int[] {ROWS - 1, ROWS + 1}) {
            assertThatThrownBy(() -> Dataset.of(DATA.values(), ROWS, FEATURES, new int[labels], CLASSES))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(labels + " labels for 120 rows");
        }
    }

    /** check_classifiers_regression_target */
    @Test
    void aLabelThatIsNoClassIsRefused() {
        for (int bad : new int[] {-1, CLASSES, Integer.MAX_VALUE}) {
            int[] labels = DATA.labels().clone();
            labels[4] = bad;
            assertThatThrownBy(() -> Dataset.of(DATA.values(), ROWS, FEATURES, labels, CLASSES))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("label " + bad + " at row 4 is outside 0..2");
        }
    }

    /** check_requires_y_none */
    @Test
    void rowsWithoutLabelsAreNotLearned() {
        Dataset unlabelled = Dataset.of(DATA.values(), ROWS, FEATURES, new int[0], CLASSES);
        Refusal.assertRefused(() -> fitted(unlabelled), ExitCode.BAD_DATA, "the rows of the data are not labelled");
    }

    /** check_n_features_in_after_fitting */
    @Test
    void rowsOfAnotherWidthAreRefused() {
        Model model = fitted();
        Dataset wide = blobs(20, FEATURES + 1, CLASSES, 1);
        String line = "tensor 0.weight: the model does not take the features of the data (expected 6 inputs, found 5)";
        Refusal.assertRefused(() -> trainer().build().fit(model, wide, wide), ExitCode.BAD_DATA, line);
        Refusal.assertRefused(() -> Evaluation.of(model, wide), ExitCode.BAD_DATA, line);
        assertThatThrownBy(() -> predict(model, wide))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("120 values are not 20 rows of 5 features");
    }

    /** check_fit2d_predict1d: a row where rows are asked for. */
    @Test
    void aPartOfARowIsRefused() {
        Model model = fitted();
        assertThatThrownBy(() -> model.predict(new float[FEATURES - 1], 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> model.predict(new float[FEATURES], -1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(model.predict(new float[FEATURES], 1).classes()).hasSize(1);
    }

    /** check_classifiers_classes: more classes than the model has. */
    @Test
    void aClassThatTheModelDoesNotKnowIsRefused() {
        Model model = fitted();
        Dataset more = blobs(20, FEATURES, CLASSES + 1, 1);
        assertThat(Refusal.refused(() -> Evaluation.of(model, more)))
                .hasMessageContaining("the data have more classes than the model");
    }
}
