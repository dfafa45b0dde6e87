package lanewise.trainer.cli;

import static lanewise.trainer.ExitCode.USAGE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import lanewise.trainer.data.IdxBytes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Words that make no sense: one line, exit status 2, and nothing is read or written. */
@Tag("no-kernel")
class UsageTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            -                              | no command (expected train, lr-find, cv, evaluate, predict, inspect, export, data, doctor, found none). See lanewise --help.
            trian                          | unknown command trian. Did you mean train?
            --verison                      | unknown option --verison. Did you mean --version?
            train --epoch 3                | unknown option --epoch. Did you mean --epochs?
            train -e 3                     | unknown option -e. Did you mean --epochs?
            train mnist                    | train: unexpected argument mnist
            evaluate                       | evaluate: MODEL is missing
            predict model                  | predict: INPUT is missing
            predict a b c                  | predict: unexpected argument c
            predict a b --out c --json d   | --json: not with --out, which takes CSV
            train --lr 1 --lr 1            | --lr: given twice
            train --bias --no-bias         | --bias: given twice
            train --quiet --quiet          | --quiet: given twice
            train --quiet=yes              | train: option '--quiet' should be specified without 'yes' parameter
            train --no-quiet               | unknown option --no-quiet. See lanewise train --help.
            train --epochs                 | --epochs: value missing (expected a whole number from 1 to 1000000, found none)
            train --out --quiet            | --out: value missing (expected the name of a file or folder, found --quiet)
            train --out --quite            | --out: bad value (expected the name of a file or folder, found --quite)
            train --lr -inf                | --lr: bad value (expected a number above 0 and up to 1000000, found -inf)
            train --epochs=1=2             | --epochs: bad value (expected a whole number from 1 to 1000000, found 1=2)
            train --epo=1                  | unknown option --epo. Did you mean --epochs?
            train --ep 1                   | unknown option --ep. Did you mean --epochs?
            train @x                       | train: unexpected argument @x
            inspect -- --quiet --json      | inspect: unexpected argument --json
            train --epochs 0               | --epochs: bad value (expected a whole number from 1 to 1000000, found 0)
            train --epochs -1              | --epochs: bad value (expected a whole number from 1 to 1000000, found -1)
            train --epochs=2.5             | --epochs: bad value (expected a whole number from 1 to 1000000, found 2.5)
            train --epochs 99999999999     | --epochs: bad value (expected a whole number from 1 to 1000000, found 99999999999)
            train --batch 0                | --batch: bad value (expected a whole number from 1 to 1000000, found 0)
            train --accumulate 0           | --accumulate: bad value (expected a whole number from 1 to 1000000, found 0)
            train --threads 0              | --threads: bad value (expected a whole number from 1 to 1024, found 0)
            train --threads 1000000        | --threads: bad value (expected a whole number from 1 to 1024, found 1000000)
            train --seed x                 | --seed: bad value (expected a whole number of 64 bits, found x)
            train --seed 9223372036854775808 | --seed: bad value (expected a whole number of 64 bits, found 9223372036854775808)
            train --lr nan                 | --lr: bad value (expected a number above 0 and up to 1000000, found nan)
            train --lr NaN                 | --lr: bad value (expected a number above 0 and up to 1000000, found NaN)
            train --lr inf                 | --lr: bad value (expected a number above 0 and up to 1000000, found inf)
            train --lr Infinity            | --lr: bad value (expected a number above 0 and up to 1000000, found Infinity)
            train --lr 1e39                | --lr: bad value (expected a number above 0 and up to 1000000, found 1e39)
            train --lr 1e9                 | --lr: bad value (expected a number above 0 and up to 1000000, found 1e9)
            train --lr 1e-60               | --lr: bad value (expected a number above 0 and up to 1000000, found 1e-60)
            train --lr 0                   | --lr: bad value (expected a number above 0 and up to 1000000, found 0)
            train --lr -0.1                | --lr: bad value (expected a number above 0 and up to 1000000, found -0.1)
            train --lr 0x1p-2              | --lr: bad value (expected a number above 0 and up to 1000000, found 0x1p-2)
            train --lr 0.1f                | --lr: bad value (expected a number above 0 and up to 1000000, found 0.1f)
            train --lr 0,1                 | --lr: bad value (expected a number above 0 and up to 1000000, found 0,1)
            train --lr=                    | --lr: bad value (expected a number above 0 and up to 1000000, found )
            train --momentum 1             | --momentum: bad value (expected a number from 0 and below 1, found 1)
            train --momentum -0.1          | --momentum: bad value (expected a number from 0 and below 1, found -0.1)
            train --weight-decay -1        | --weight-decay: bad value (expected a number from 0 and up to 1000000, found -1)
            train --label-smoothing 1      | --label-smoothing: bad value (expected a number from 0 and below 1, found 1)
            train --class-weight 2         | --class-weight: bad value (expected none or balanced, found 2)
            train --clip-norm -1           | --clip-norm: bad value (expected a number from 0 and up to 1000000, found -1)
            train --patience 1.5           | --patience: bad value (expected a whole number from 0 to 1000000, found 1.5)
            train --nesterov               | --nesterov: needs a momentum (expected --momentum above 0, found 0)
            train --schedule linear        | --schedule: bad value (expected constant or step or cosine or invscaling or plateau, found linear)
            train --warmup-epochs -1       | --warmup-epochs: bad value (expected a whole number from 0 to 1000000, found -1)
            train --schedule step --gamma 1.5 | --gamma: bad value (expected a number above 0 and up to 1, found 1.5)
            train --schedule step --step-size 0 | --step-size: bad value (expected a whole number from 1 to 1000000, found 0)
            train --schedule invscaling --power-t 0 | --power-t: bad value (expected a number above 0 and up to 10, found 0)
            train --gamma 0.5              | --gamma: has no meaning for this schedule (expected --schedule step or --schedule plateau, found constant)
            train --schedule cosine --step-size 3 | --step-size: has no meaning for this schedule (expected --schedule step or --schedule plateau, found cosine)
            train --power-t 1 --schedule step | --power-t: has no meaning for this schedule (expected --schedule invscaling, found step)
            train --warmup-epochs 30 --epochs 29 | --warmup-epochs: the run ends before the learning rate is --lr (expected at most --epochs 29, found 30)
            cv --warmup-epochs 11          | --warmup-epochs: the run ends before the learning rate is --lr (expected at most --epochs 10, found 11)
            train --model cnn              | --model: bad value (expected softmax or mlp, found cnn)
            train --hidden 0               | --hidden: bad value (expected whole numbers from 1 to 1000000 with commas between them, found 0)
            train --hidden 4,              | --hidden: bad value (expected whole numbers from 1 to 1000000 with commas between them, found 4,)
            train --hidden 400 --model softmax | --hidden: softmax regression has no hidden layer (expected --model mlp, found --model softmax)
            train --resume r --lr 1        | --lr: not with --resume, which goes on with the options of the run
            train --resume r --no-bias     | --bias: not with --resume, which goes on with the options of the run
            train --resume r --run s       | --run: not with --resume, which goes on with the options of the run
            train --resume r --config c    | --config: not with --resume, which goes on with the options of the run
            train --run r --out r/best.safetensors | --out: the same file as --run
            train --preset best            | --preset: bad value (expected hw0-softmax or hw0-mlp or mnist-best or fashion-best, found best)
            train --preset hw0-mlp --config c | --preset: not with --config, which has the options of a run
            train --preset hw0-mlp --resume r | --preset: not with --resume, which goes on with the options of the run
            lr-find --lr 1                 | unknown option --lr. See lanewise lr-find --help.
            lr-find --data d --json d/train-images-idx3-ubyte | --json: the same file as --data
            lr-find --init x --json ./x    | --json: the same file as --init
            cv --folds 1                   | --folds: bad value (expected a whole number from 2 to 1000, found 1)
            cv --init x --json ./x         | --json: the same file as --init
            train --out=                   | --out: bad value (expected the name of a file or folder, found )
            train --out x --json ./x       | --json: the same file as --out
            train --init x --json ./x      | --json: the same file as --init
            train --data d --json d/t10k-labels-idx1-ubyte.gz | --json: the same file as --data
            train --data d --out d/train-images-idx3-ubyte | --out: the same file as --data
            train --data d.csv --out ./d.csv   | --out: the same file as --data
            train --validation v.csv --json ./v.csv | --json: the same file as --validation
            train --label y.npy --out ./y.npy  | --out: the same file as --label
            train --run r --data r/train.rows | --run: the same file as --data
            train --run r --validation r/test.rows | --run: the same file as --validation
            train --run r --init r/best.safetensors | --run: the same file as --init
            train --run r --init x --out ./x | --out: the same file as --init
            train --data - --label -       | --label: standard input can be read once (expected a file, found -)
            train --init - --json ./-      | --json: the same file as --init
            predict m - --label -          | --label: standard input can be read once (expected a file, found -)
            predict m ./- --out ./-        | --out: the same file as INPUT
            predict m x --out -            | --out: not to stdout (expected the name of a file, found -). Without --out the lines go to stdout.
            train --out -                  | --out: not to stdout (expected the name of a file, found -)
            export - --onnx ./-            | --onnx: the same file as MODEL
            export m --onnx -              | --onnx: not to stdout (expected the name of a file, found -)
            evaluate m --json ./m          | --json: the same file as MODEL
            evaluate m --data t.csv --json ./t.csv | --json: the same file as --data
            inspect m --json ./m           | --json: the same file as MODEL
            predict m x.npy --label y.npy --out ./y.npy | --out: the same file as --label
            train --data - --validation -  | --validation: standard input can be read once (expected a file, found -)
            train --validation 0           | --validation: bad value (expected a fraction above 0 and below 1, or a file, found 0)
            train --validation 1           | --validation: bad value (expected a fraction above 0 and below 1, or a file, found 1)
            train --validation 1.5         | --validation: bad value (expected a fraction above 0 and below 1, or a file, found 1.5)
            train --validation -0.1        | --validation: bad value (expected a fraction above 0 and below 1, or a file, found -0.1)
            train --validation 1e          | --validation: bad value (expected a fraction above 0 and below 1, or a file, found 1e)
            train --scale cubic            | --scale: bad value (expected none or pixel or minmax or standard, found cubic)
            train --label none             | --label: bad value (expected where the labels are: a column, a member of an archive, or a file, found none)
            cv --label none                | --label: bad value (expected where the labels are: a column, a member of an archive, or a file, found none)
            lr-find --label none           | --label: bad value (expected where the labels are: a column, a member of an archive, or a file, found none)
            evaluate m --label none        | --label: bad value (expected where the labels are: a column, a member of an archive, or a file, found none)
            data split t u v --label none  | --label: bad value (expected where the labels are: a column, a member of an archive, or a file, found none)
            train --max-features 0         | --max-features: bad value (expected a whole number from 1 to 2147483639, found 0)
            data                           | data needs a second word (expected describe, split, convert, found none). See lanewise data --help.
            data descrbe                   | unknown command descrbe. Did you mean describe?
            data describe                  | describe: INPUT is missing
            data split a.csv b.csv         | split: TEST is missing
            data split a.csv b.csv c.csv --fraction 1 | --fraction: bad value (expected a number above 0 and below 1, found 1)
            data split a.csv b.csv ./b.csv | TEST: the same file as TRAIN
            data split a.csv ./a.csv b.csv | TRAIN: the same file as INPUT
            data split a.csv - b.csv       | TRAIN: not to stdout (expected the name of a file, found -)
            data split a.csv b.csv -       | TEST: not to stdout (expected the name of a file, found -)
            data describe a.csv --json ./a.csv | --json: the same file as INPUT
            data describe d --json d/t10k-images-idx3-ubyte | --json: the same file as INPUT
            data convert d d/t10k-images-idx3-ubyte | OUTPUT: the same file as INPUT
            data convert x.npy ./y.npy --label y.npy | OUTPUT: the same file as --label
            data convert a.csv ./a.csv     | OUTPUT: the same file as INPUT
            data convert a.csv b.npy --labels-out ./b.npy | --labels-out: the same file as OUTPUT
            data convert a.csv -           | OUTPUT: not to stdout (expected the name of a file, found -)
            data convert a.csv b.npy --labels-out - | --labels-out: not to stdout (expected the name of a file, found -)
            data convert a.csv b.txt       | b.txt: the ending of the name says no format (expected .csv, .tsv, .libsvm, .npy, .npz or .idx, and .gz behind it, found b.txt)
            data convert a.csv b.npz --labels-out y.npy | b.npz: the labels are in the same file (expected no file for them, found y.npy)
            data convert a.csv b.npy --labels-out y.csv | y.csv: labels alone are not written in this format (expected NPY or IDX, found another ending)
            """)
    void isRefused(String words, String line) {
        Run.of(words == null ? new Object[0] : (Object[]) words.split(" ")).failed(USAGE, line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u001b[2J", "a\nb", "\u202e"})
    void whatMovesTheCursorIsPrintedAsEscapes(String word) {
        assertThat(Run.of(word).err()).hasLineCount(1).doesNotContain(word).contains("\\");
    }

    @Test
    void nothingIsWrittenBeforeAllOptionsMakeSense() throws IOException {
        IdxBytes.writeFolder(folder);
        Path out = folder.resolve("model");
        Path json = folder.resolve("log");
        Files.writeString(json, "old");

        assertThat(Run.of("train", "--data", folder, "--out", out, "--json", json, "--lr", "nan")
                        .status())
                .isEqualTo(2);
        assertThat(out).doesNotExist();
        assertThat(json).hasContent("old");
    }

    @Test
    void debugShowsWhereAnErrorArose() {
        for (String[] words : new String[][] {{"--debug", "train", "--lr", "0"}, {"train", "--lr", "0", "--debug"}}) {
            Run run = Run.of((Object[]) words);
            assertThat(run.err()).startsWith("lanewise: --lr: bad value").contains("\tat lanewise.trainer.cli.");
            assertThat(run.status()).isEqualTo(2);
        }
    }

    @Test
    void helpNamesEveryCommandAndEveryOption() {
        String help = Run.of("--help").succeeded().out();
        for (String command :
                new String[] {"train", "lr-find", "cv", "evaluate", "predict", "inspect", "export", "doctor"}) {
            assertThat(help).containsPattern("(?m)^  " + command + " +\\S");
            assertThat(Run.of(command, "--help").succeeded().out()).startsWith("Usage: lanewise " + command);
        }
        assertThat(Arrays.stream(Run.of("train", "--help").out().split("\n"))
                        .filter(line -> line.strip().startsWith("--"))
                        .map(line -> line.strip().split("[ =]")[0]))
                .containsExactly(
                        "--data",
                        "--label",
                        "--scale",
                        "--validation",
                        "--max-features",
                        "--model",
                        "--hidden",
                        "--[no-]bias",
                        "--init",
                        "--epochs",
                        "--lr",
                        "--schedule",
                        "--warmup-epochs",
                        "--step-size",
                        "--gamma",
                        "--power-t",
                        "--patience",
                        "--batch",
                        "--momentum",
                        "--[no-]nesterov",
                        "--weight-decay",
                        "--label-smoothing",
                        "--class-weight",
                        "--clip-norm",
                        "--accumulate",
                        "--[no-]shuffle",
                        "--seed",
                        "--preset",
                        "--config",
                        "--run",
                        "--resume",
                        "--threads",
                        "--layout",
                        "--out",
                        "--json",
                        "--quiet",
                        "--debug",
                        "--help");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "train",
                "lr-find",
                "cv",
                "evaluate",
                "data split",
                "predict or none",
                "data describe or none",
                "data convert or none"
            })
    void doingWithoutLabelsIsOfferedWhereItIsPossible(String words) {
        String command = words.replace(" or none", "");
        String help =
                Run.of((Object[]) (command + " --help").split(" ")).succeeded().out();
        assertThat(help.replaceAll("\\s+", " ").contains("NPY and IDX, or none"))
                .isEqualTo(!command.equals(words));
    }

    @Test
    void versionIsOneLine() {
        assertThat(Run.of("--version").succeeded().out()).matches("lanewise .+\n");
    }
}
