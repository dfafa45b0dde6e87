package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.ExitCode.USAGE;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.ZipException;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.source.Source;
import lanewise.trainer.data.source.Unpacked;
import lanewise.trainer.data.source.ZipStream;

/**
 * A zip archive of NumPy arrays: one of features and one of labels, found by their usual names. There may be a second pair
 * to test with. The names of the members are compared, and used for nothing else.
 */
final class NpzFile {
    private static final String ENDING = ".npy";

    private static final Pair TEST =
            new Pair(List.of("x_test", "X_test", "test_images"), List.of("y_test", "test_labels"));
    private static final Pair TRAIN =
            new Pair(List.of("x_train", "X_train", "train_images"), List.of("y_train", "train_labels"));
    private static final Pair PLAIN = new Pair(
            List.of("X", "x", "data", "images", "features"), List.of("y", "Y", "labels", "label", "target", "targets"));

    private NpzFile() {}

    /** The usual names of features and of their labels; features of one pair never get the labels of another. */
    private record Pair(List<String> features, List<String> labels) {
        static Pair of(List<String> members, Reading reading, boolean test) {
            String named = namedLabel(reading);
            for (Pair pair : List.of(TEST, TRAIN, PLAIN)) {
                if (named != null && pair.labels.contains(named)) {
                    return pair;
                }
            }
            if (test && isTest(members, reading)) {
                return TEST;
            }
            boolean train = first(members, TRAIN.features) != null;
            boolean labels = first(members, TRAIN.labels) != null;
            boolean others = reading.label() == null && first(members, PLAIN.labels) != null;
            return train && (labels || !others) ? TRAIN : PLAIN;
        }

        /** Whether there are features to test with, and labels of their own if these are wanted. */
        static boolean isTest(List<String> members, Reading reading) {
            boolean wanted = reading.labelled() && !reading.withoutLabel();
            return namedLabel(reading) == null
                    && first(members, TEST.features) != null
                    && (!wanted || first(members, TEST.labels) != null);
        }

        /** Whether features that have no name of this pair are those of another. */
        boolean isOther(String features) {
            return this != PLAIN && (TRAIN.features.contains(features) || TEST.features.contains(features));
        }
    }

    /** Whether the archive has a pair to test with; a member that is named has none. */
    static boolean hasTest(Source source, Reading reading) {
        return with(source, () -> Pair.isTest(members(source), reading));
    }

    /** The training rows, or the test rows where there are such. */
    static Dataset read(Source source, Reading reading, boolean test) {
        return with(source, () -> {
            List<String> members = members(source);
            Pair pair = Pair.of(members, reading, test);
            String labels = labels(members, reading, pair);
            String features = features(members, labels, pair);
            Dataset rows = read(source, reading, features, labels);
            note(source, reading, features, labels);
            return rows;
        });
    }

    private static void note(Source source, Reading reading, String features, String labels) {
        reading.notes()
                .accept(source.name() + ": the features in " + features + ", "
                        + (labels == null ? "no labels" : "the labels in " + labels));
    }

    /** Opens the training rows, or the test rows, to go through them once; their labels only if these are wanted. */
    static RowStream stream(Source source, Reading reading, boolean test) {
        return with(source, () -> {
            List<String> members = members(source);
            Pair pair = Pair.of(members, reading, test);
            String labels = labels(members, reading, pair);
            String features = features(members, labels, pair);
            note(source, reading, features, labels);
            Member x = Member.open(source, features + ENDING, header -> NpyFile.requireRows(header, reading, 0));
            Member y = null;
            try {
                LabelTable table = reading.newLabelTable();
                LabelStream stream = null;
                if (reading.labelled()) {
                    y = Member.open(source, labels + ENDING, LabelFile::requireOneDimension);
                    stream = LabelStream.ofArray(
                            y.source,
                            y,
                            y.header,
                            y.zip.content(),
                            table,
                            x.header.shape()[0]);
                }
                InputStream items = FortranStream.rowByRow(x.header, x.zip.content());
                return new ArrayStream(
                        x.source,
                        () -> {
                            items.close();
                            x.close();
                        },
                        new NpyArray(x.header.rowByRow(), items),
                        NpyFile.image(x.header.shape()),
                        stream,
                        0,
                        table);
            } catch (IOException | RuntimeException e) {
                x.close();
                if (y != null) {
                    y.close();
                }
                throw e;
            }
        });
    }

    /** A member, at its first item. */
    private static final class Member implements Closeable {
        private final Source source;
        private final ZipStream zip;
        private final NpyHeader header;

        /** Opens a member that is there, whose header passes a check. */
        static Member open(Source archive, String name, Consumer<NpyHeader> check) {
            Source source = archive.member(name);
            return with(source, () -> new Member(source, name, check));
        }

        private Member(Source source, String name, Consumer<NpyHeader> check) throws IOException {
            this.source = source;
            Unpacked content = source.open();
            zip = new ZipStream(content.stream());
            try {
                String next = zip.next();
                while (next != null && !next.equals(name)) {
                    next = zip.next();
                }
                if (next == null) {
                    throw Source.changed();
                }
                header = NpyHeader.read(zip.content());
                requireSize(header, content);
                check.accept(header);
            } catch (IOException | RuntimeException e) {
                zip.close();
                throw e;
            }
        }

        @Override
        public void close() throws IOException {
            zip.close();
        }
    }

    private static String namedLabel(Reading reading) {
        return reading.withoutLabel() ? null : reading.label();
    }

    private static String labels(List<String> members, Reading reading, Pair pair) {
        String named = namedLabel(reading);
        if (named != null && !members.contains(named)) {
            throw new LanewiseException(USAGE, "there is no such member for the label")
                    .expected(String.join(", ", members), named);
        }
        if (named != null || reading.withoutLabel()) {
            return named;
        }
        String usual = first(members, pair.labels);
        if (usual == null && reading.labelled()) {
            throw new LanewiseException(USAGE, "no member has the labels")
                    .expected("one of " + String.join(", ", PLAIN.labels), String.join(", ", members))
                    .hint("--label names it.");
        }
        return usual;
    }

    /** The usual name, or else the only member that is not the labels, unless it is of another pair. */
    private static String features(List<String> members, String labels, Pair pair) {
        List<String> others =
                members.stream().filter(member -> !member.equals(labels)).toList();
        String usual = first(others, pair.features);
        if (usual == null && (others.size() != 1 || pair.isOther(others.get(0)))) {
            throw new LanewiseException(BAD_DATA, "no member has the features")
                    .expected(
                            "one of " + String.join(", ", pair.features),
                            others.isEmpty() ? "none" : String.join(", ", others));
        }
        return usual == null ? others.get(0) : usual;
    }

    private static String first(List<String> members, List<String> wanted) {
        return wanted.stream().filter(members::contains).findFirst().orElse(null);
    }

    /** The names of the arrays; the whole archive is checked on the way. */
    private static List<String> members(Source source) throws IOException {
        List<String> members = new ArrayList<>();
        try (Unpacked content = source.open();
                ZipStream zip = new ZipStream(content.stream())) {
            for (String name = zip.next(); name != null; name = zip.next()) {
                if (name.endsWith(ENDING)) {
                    members.add(name.substring(0, name.length() - ENDING.length()));
                }
            }
        }
        return members;
    }

    private static Dataset read(Source source, Reading reading, String features, String labels) throws IOException {
        LabelTable table = reading.newLabelTable();
        Dataset rows = null;
        int[] classes = null;
        try (Unpacked content = source.open();
                ZipStream zip = new ZipStream(content.stream())) {
            for (String name = zip.next(); name != null; name = zip.next()) {
                if (!name.equals(features + ENDING) && !name.equals(labels + ENDING)) {
                    continue;
                }
                try {
                    NpyHeader header = NpyHeader.read(zip.content());
                    requireSize(header, content);
                    if (name.equals(features + ENDING)) {
                        rows = NpyFile.features(header, zip.content(), reading, 0, source.name());
                    } else {
                        classes = LabelFile.ofArray(header, zip.content(), table, source.name());
                    }
                } catch (LanewiseException e) {
                    throw e.at(name + (e.where() == null ? "" : ", " + e.where()));
                }
            }
        }
        if (rows == null || labels != null && classes == null) {
            throw Source.changed();
        }
        if (labels == null) {
            return rows;
        }
        LabelFile.requireRows(classes.length, rows.rows());
        return rows.withLabels(classes, table.settle(classes));
    }

    /** Whatever a header claims, no more comes out of the archive. */
    private static void requireSize(NpyHeader header, Unpacked content) {
        long most = Math.multiplyExact(content.largestContent(), Unpacked.LARGEST_RATIO);
        if (header.contentLength() > most) {
            throw new LanewiseException(BAD_DATA, "the header claims more than the archive can hold")
                    .expected("at most " + IdxHeader.count(most), IdxHeader.count(header.contentLength()));
        }
    }

    private static <T> T with(Source source, Source.Reader<T> reader) {
        return source.reading(() -> {
            try {
                return reader.read();
            } catch (EOFException | ZipException e) {
                String what = e.getMessage() == null ? "the archive is cut short" : e.getMessage();
                throw new LanewiseException(BAD_DATA, what);
            }
        });
    }
}
