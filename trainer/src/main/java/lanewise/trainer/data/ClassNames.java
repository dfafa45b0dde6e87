package lanewise.trainer.data;

import java.util.AbstractList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** The names of classes that have none of their own. */
public final class ClassNames {
    private ClassNames() {}

    /**
     * Names that count.
     *
     * @param classes how many, at least 0
     * @return 0, 1, 2 and so on, made when they are asked for
     * @throws IllegalArgumentException if the number is negative
     */
    public static List<String> counted(int classes) {
        return new Counted(0, classes);
    }

    /**
     * Names that stay as they are.
     *
     * @param names the names
     * @return a copy, or the names themselves if they count: there may be more than fit the heap
     * @throws NullPointerException if one is null
     */
    public static List<String> copyOf(List<String> names) {
        return names instanceof Counted ? names : List.copyOf(names);
    }

    /**
     * Whether names say no more than the index of the class does.
     *
     * @param names the names
     * @return whether they are 0, 1, 2 and so on
     */
    public static boolean areCounted(List<String> names) {
        return names.equals(counted(names.size()));
    }

    /** Whether a name is a whole number as {@link Long#toString} writes it. */
    static boolean isWhole(String name) {
        return name.matches("0|-?[1-9][0-9]{0,17}");
    }

    /** The classes as numbers: the names if all are whole numbers, else what they are counted by. */
    static long[] numbers(List<String> names) {
        boolean whole = names.stream().allMatch(ClassNames::isWhole);
        return IntStream.range(0, names.size())
                .mapToLong(c -> whole ? Long.parseLong(names.get(c)) : c)
                .toArray();
    }

    /** Numbers in a row. */
    static final class Counted extends AbstractList<String> {
        private final int first;
        private final int size;

        Counted(int first, int size) {
            if (size < 0) {
                throw new IllegalArgumentException(size + " classes");
            }
            this.first = first;
            this.size = size;
        }

        int first() {
            return first;
        }

        @Override
        public String get(int index) {
            return Integer.toString(first + Objects.checkIndex(index, size));
        }

        @Override
        public int size() {
            return size;
        }
    }
}
