package lanewise.trainer.data;

import java.util.AbstractList;
import java.util.List;

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
        if (classes < 0) {
            throw new IllegalArgumentException(classes + " classes");
        }
        return new AbstractList<>() {
            @Override
            public String get(int index) {
                if (index < 0 || index >= classes) {
                    throw new IndexOutOfBoundsException(index);
                }
                return Integer.toString(index);
            }

            @Override
            public int size() {
                return classes;
            }
        };
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
}
