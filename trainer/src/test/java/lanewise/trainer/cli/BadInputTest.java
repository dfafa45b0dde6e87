package lanewise.trainer.cli;

import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.ExitCode.NO_INPUT;
import static lanewise.trainer.data.IdxBytes.gzip;
import static lanewise.trainer.data.IdxBytes.idx;
import static lanewise.trainer.data.IdxBytes.images;
import static lanewise.trainer.data.IdxBytes.labels;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import lanewise.trainer.ExitCode;
import lanewise.trainer.data.IdxBytes;
import lanewise.trainer.model.Model;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Inputs that cannot be used: the exit code, one line, and nothing written. */
class BadInputTest {
    @TempDir
    Path folder;

    private Path data;
    private Path trainImages;
    private Path trainLabels;
    private Path testImages;
    private Path testLabels;

    @BeforeEach
    void writeData() throws IOException {
        data = folder.resolve("data");
        IdxBytes.writeFolder(data);
        trainImages = data.resolve("train-images-idx3-ubyte");
        trainLabels = data.resolve("train-labels-idx1-ubyte");
        testImages = data.resolve("t10k-images-idx3-ubyte");
        testLabels = data.resolve("t10k-labels-idx1-ubyte");
    }

    /** Training on the data fails so, and leaves neither a model nor a log, nor any other file. */
    private void trainingFails(ExitCode code, String line) throws IOException {
        long files = files();
        Run.of("train", "--data", data, "--out", folder.resolve("model"), "--json", folder.resolve("log"))
                .failed(code, line);
        assertThat(files()).isEqualTo(files);
    }

    private long files() throws IOException {
        try (var files = Files.walk(folder)) {
            return files.count();
        }
    }

    @Test
    void aMissingFolder() throws IOException {
        data = folder.resolve("none");
        trainingFails(NO_INPUT, data + ": no such file or folder");
    }

    @Test
    void aMissingFile() throws IOException {
        Files.delete(trainLabels);
        trainingFails(NO_INPUT, trainLabels + ": no such file, plain or .gz");
    }

    @Test
    void anEmptyFile() throws IOException {
        Files.write(trainImages, new byte[0]);
        trainingFails(BAD_DATA, trainImages + ": offset 0: the file is empty (expected 16 bytes, found 0)");
    }

    @Test
    void aWebPageInPlaceOfAGzipFile() throws IOException {
        Files.delete(trainImages);
        Path page = data.resolve("train-images-idx3-ubyte.gz");
        Files.writeString(page, "<!DOCTYPE html><title>404</title>");
        trainingFails(
                BAD_DATA,
                page + ": offset 0: not an IDX file (expected 00 00 08 03, found 3c 21 44 4f). "
                        + "It looks like a web page: download it again.");
    }

    @Test
    void aTruncatedGzipFile() throws IOException {
        byte[] packed = gzip(images(5, 200, 300));
        Files.write(trainImages, Arrays.copyOf(packed, packed.length - 100));
        Files.write(testImages, images(3, 200, 300));
        Run run = Run.of("train", "--data", data);

        assertThat(run.err())
                .matches("lanewise: " + trainImages
                        + ": cut short \\(expected 300,016 bytes unpacked, found [\\d,]+ bytes\\)\n");
        assertThat(run.status()).isEqualTo(BAD_DATA.status());
    }

    @Test
    void imagesAndLabelsSwapped() throws IOException {
        Files.write(trainImages, labels(0, 1, 2, 1, 0));
        Files.write(trainLabels, images(5, 2, 3));
        trainingFails(
                BAD_DATA,
                trainImages + ": offset 3: the wrong number of dimensions (expected 3, found 1). "
                        + "Images and labels look swapped.");
    }

    @Test
    void fewerLabelsThanImages() throws IOException {
        Files.write(trainLabels, labels(0, 1, 2, 1));
        trainingFails(BAD_DATA, trainLabels + ": not as many labels as images (expected 5, found 4)");
    }

    @Test
    void aHeaderWhoseSizesOverflow() throws IOException {
        Files.write(trainImages, idx(0x00000803, new int[] {-1, -1, -1}));
        trainingFails(
                BAD_DATA,
                trainImages + ": shorter than its header says "
                        + "(expected 79,228,162,458,924,105,385,300,197,391 bytes, found 16 bytes)");
    }

    @Test
    void aLabelOutsideTheClasses() throws IOException {
        Files.write(testLabels, labels(2, 3, 1));
        trainingFails(BAD_DATA, testLabels + ": label 3 at row 1 is outside 0..2");
    }

    @Test
    void aModelOfAnotherArchitectureToStartFrom() throws IOException {
        Path model = folder.resolve("other");
        Run.of("train", "--data", data, "--bias", "--epochs", 1, "--out", model).succeeded();
        Run.of("train", "--data", data, "--init", model)
                .failed(
                        BAD_DATA,
                        model + ": tensor 0.bias: the model has no such tensor (expected 0.weight, found 0.bias)");
    }

    @Test
    void noModelAtAll() throws IOException {
        Path model = Files.writeString(folder.resolve("model"), "<html>", StandardCharsets.US_ASCII);
        String line = model + ": offset 0: cut short (expected 8 bytes for the length of the header, found 6)";
        Run.of("evaluate", model).failed(BAD_DATA, line);
        Run.of("inspect", model).failed(BAD_DATA, line + ". lanewise data describe tells what data hold.");
        Run.of("evaluate", folder.resolve("none")).failed(NO_INPUT, folder.resolve("none") + ": no such file");
        Run.of("predict", folder, testImages).failed(NO_INPUT, folder + ": a folder, not a file");
    }

    /** The images of MNIST, which nobody has named, are not at fault. */
    @Test
    void aModelOfOtherDataThanThoseThatAreMeasuredWithoutAWord() {
        Path model = folder.resolve("model");
        Model.softmaxRegression(6, 3, false).save(model, Map.of());
        Run run = Run.of("evaluate", model);
        assertThat(run.err()).endsWith("). --data names the data; without it they are those of MNIST.\n");
        assertThat(run.status()).isEqualTo(BAD_DATA.status());
        assertThat(Run.of("evaluate", model, "--data", data).err()).doesNotContain("--data");
    }

    @Test
    void imagesOfAnotherSizeThanTheModel() throws IOException {
        Path model = folder.resolve("model");
        Run.of("train", "--data", data, "--epochs", 1, "--out", model).succeeded();
        Path input = Files.write(folder.resolve("input"), images(1, 3, 3));

        Run.of("predict", model, input)
                .failed(
                        BAD_DATA,
                        input + ": rows of another width than the model takes (expected 6 features, found 9)");
    }
}
