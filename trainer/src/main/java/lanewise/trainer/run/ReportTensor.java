package lanewise.trainer.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lanewise.trainer.io.Tensor;
import lanewise.trainer.train.EpochReport;

/**
 * The reports of all epochs as one tensor, since a million of them is more than metadata may be. Row i is epoch
 * i + 1. A tensor of ours has floats only, so it holds the 64 bits of each number in parts of 24, from the lowest on: whole
 * numbers that a float holds exactly.
 */
final class ReportTensor {
    static final String NAME = "epochs";

    private static final int NUMBERS = 7;
    private static final int PARTS = 3;
    private static final int PART_BITS = 24;

    private ReportTensor() {}

    /**
     * A tensor of the reports of all epochs so far.
     *
     * @throws IllegalArgumentException if an epoch has none
     */
    static Tensor of(List<EpochReport> reports) {
        float[] data = new float[reports.size() * NUMBERS * PARTS];
        int at = 0;
        for (EpochReport report : reports) {
            int epoch = at / (NUMBERS * PARTS) + 1;
            if (report.epoch() != epoch) {
                throw new IllegalArgumentException("no report of epoch " + epoch);
            }
            double[] numbers = {
                report.trainLoss(),
                report.trainError(),
                report.testLoss(),
                report.testError(),
                report.learningRate(),
                report.seconds(),
                report.samplesPerSecond()
            };
            for (double number : numbers) {
                long bits = Double.doubleToRawLongBits(number);
                for (int part = 0; part < PARTS; part++) {
                    data[at++] = bits & (1L << PART_BITS) - 1;
                    bits >>>= PART_BITS;
                }
            }
        }
        return new Tensor(NAME, new int[] {reports.size(), NUMBERS, PARTS}, data);
    }

    /**
     * The reports that a tensor was made from.
     *
     * @throws IllegalArgumentException if it has another shape
     */
    static List<EpochReport> reports(Tensor tensor) {
        int epochs = tensor.data().length / (NUMBERS * PARTS);
        if (!Arrays.equals(tensor.shape(), new int[] {epochs, NUMBERS, PARTS})) {
            throw new IllegalArgumentException("no reports in the shape " + Arrays.toString(tensor.shape()));
        }
        List<EpochReport> reports = new ArrayList<>();
        double[] x = new double[NUMBERS];
        int at = 0;
        for (int epoch = 1; epoch <= epochs; epoch++) {
            for (int i = 0; i < NUMBERS; i++) {
                long bits = 0;
                for (int part = 0; part < PARTS; part++) {
                    bits |= (long) tensor.data()[at++] << part * PART_BITS;
                }
                x[i] = Double.longBitsToDouble(bits);
            }
            reports.add(new EpochReport(epoch, x[0], x[1], x[2], x[3], (float) x[4], x[5], x[6]));
        }
        return reports;
    }
}
