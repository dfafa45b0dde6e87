package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.io.Decimals;

/**
 * Turns labels into classes. Where the classes are known, a label must be one of them. Otherwise they are found: if every
 * label is a number, each must be whole, and the classes are the numbers in ascending order, however they are spelt; else
 * they are the texts in the order of their code points, as in scikit-learn.
 */
final class LabelTable {
    /** More than anybody tells apart; a column with more is not a label. */
    private static final int MOST_CLASSES = 65_536;

    private static final int LONGEST = 1_000;
    private static final double LARGEST_WHOLE = 0x1p53;
    private static final Set<String> MISSING = Set.of("", "?", "na", "n/a", "nan", "null");
    private static final Set<String> INFINITE = Set.of("inf", "+inf", "-inf", "infinity", "+infinity", "-infinity");
    private static final Comparator<String> BY_CODE_POINTS =
            Comparator.comparing(text -> text.codePoints().toArray(), Arrays::compare);

    /** Stands for classes that nobody asks for: no label is looked at, and none is kept. */
    static final List<String> UNWANTED = Collections.unmodifiableList(new ArrayList<>());

    /** The names of the classes where they are known, or null. */
    private final List<String> known;

    /** Whether these are numbers, so that a label may spell them in another way. */
    private final boolean knownNumbers;

    /** The texts seen so far, where each was seen first, and their stand-ins. */
    private final List<char[]> texts = new ArrayList<>();

    private final List<String> places = new ArrayList<>();
    private int[] standIns = new int[16];

    /** Open addressing over the texts, by index + 1. */
    private int[] slots = new int[32];

    /** Another one each time, so that no file can be made of texts that fall together. */
    private final int multiplier = ThreadLocalRandom.current().nextInt() | 1;

    LabelTable(List<String> known) {
        this.known = known;
        this.knownNumbers = known != null && known.stream().allMatch(ClassNames::isWhole);
        if (known != null) {
            for (int c = 0; c < known.size(); c++) {
                add(known.get(c).toCharArray(), c, "");
            }
        }
    }

    /** Whether the text stands for a value that is not there. */
    static boolean isMissing(String text) {
        return text.length() <= 4 && MISSING.contains(text.toLowerCase(Locale.ROOT));
    }

    /** Whether the text stands for an infinity, which is neither a value nor a class. */
    static boolean isInfinite(String text) {
        return text.length() <= 9 && INFINITE.contains(text.toLowerCase(Locale.ROOT));
    }

    /** What knows the place of a label, asked only when it is needed. */
    @FunctionalInterface
    interface Place {
        String get();
    }

    /**
     * The stand-in of a label, from which {@link #settle} makes its class; the class itself if the classes are known.
     *
     * @throws LanewiseException if the label is missing, is not among the known classes, or there are too many
     */
    int standInOf(char[] text, int from, int to, Place place) {
        if (isUnwanted()) {
            return 0;
        }
        int index = find(text, from, to);
        if (index < 0) {
            index = add(new String(text, from, to - from), place);
        }
        return standIns[index];
    }

    /** Whether labels may be anything, since nobody asks for them. */
    boolean isUnwanted() {
        return known == UNWANTED;
    }

    /** As {@link #standInOf(char[], int, int, Place)}. */
    int standInOf(String text, Place place) {
        char[] chars = text.toCharArray();
        return standInOf(chars, 0, chars.length, place);
    }

    /**
     * Orders the classes that were found.
     *
     * @param labels stand-ins, which become classes
     * @return the names of the classes
     * @throws LanewiseException if all labels are numbers and one is not whole
     */
    List<String> settle(int[] labels) {
        if (known != null) {
            return known;
        }
        List<String> found = texts.stream().map(String::new).toList();
        List<String> names = new ArrayList<>();
        int[] order = found.stream().allMatch(Decimals::isNumber) ? byNumber(found, names) : byText(found, names);
        for (int i = 0; i < labels.length; i++) {
            labels[i] = order[labels[i]];
        }
        return names;
    }

    private int[] byNumber(List<String> found, List<String> names) {
        Map<Long, List<Integer>> spellings = new TreeMap<>();
        for (int i = 0; i < found.size(); i++) {
            String text = found.get(i);
            if (!isWhole(text)) {
                throw new LanewiseException(BAD_DATA, "the label is not a class")
                        .at(places.get(i))
                        .expected("a whole number or text", text)
                        .hint("If it is a feature, --label names the column of the classes.");
            }
            spellings.computeIfAbsent(whole(text), number -> new ArrayList<>()).add(i);
        }
        int[] order = new int[found.size()];
        spellings.forEach((number, indices) -> {
            indices.forEach(i -> order[i] = names.size());
            names.add(number.toString());
        });
        return order;
    }

    private static int[] byText(List<String> found, List<String> names) {
        names.addAll(found);
        names.sort(BY_CODE_POINTS);
        Map<String, Integer> positions = new HashMap<>();
        names.forEach(name -> positions.put(name, positions.size()));
        return found.stream().mapToInt(positions::get).toArray();
    }

    /** Whether a number has no fraction and is small enough for a double to hold every such number. */
    private static boolean isWhole(String number) {
        double value = Double.parseDouble(number);
        if (Math.abs(value) > LARGEST_WHOLE || value != Math.rint(value)) {
            return false;
        }
        try {
            // The double may have been rounded to a whole number, or to the largest one.
            return new BigDecimal(number).compareTo(new BigDecimal(value)) == 0;
        } catch (NumberFormatException e) {
            return false; // The exponent is beyond any int.
        }
    }

    private static long whole(String number) {
        return (long) Double.parseDouble(number);
    }

    private int add(String text, Place place) {
        if (isMissing(text)) {
            throw new LanewiseException(BAD_DATA, "the label is missing")
                    .at(place.get())
                    .expected("a class", text.isEmpty() ? "nothing" : text);
        }
        if (text.indexOf(0) >= 0 || text.length() > LONGEST || isInfinite(text)) {
            throw new LanewiseException(BAD_DATA, "the label is not a class")
                    .at(place.get())
                    .expected("a whole number or up to " + LONGEST + " characters of text", text);
        }
        if (known != null) {
            return add(text.toCharArray(), knownClass(text, place), "");
        }
        if (texts.size() == MOST_CLASSES) {
            throw new LanewiseException(BAD_DATA, "too many classes")
                    .at(place.get())
                    .expected("at most " + MOST_CLASSES, "one more")
                    .hint("If it is a feature, --label names the column of the classes.");
        }
        return add(text.toCharArray(), texts.size(), place.get());
    }

    private int knownClass(String text, Place place) {
        if (knownNumbers && Decimals.isNumber(text) && isWhole(text)) {
            int index = known.indexOf(Long.toString(whole(text)));
            if (index >= 0) {
                return index;
            }
        }
        throw new LanewiseException(BAD_DATA, "the label is not among the classes")
                .at(place.get())
                .expected(String.join(", ", known), text);
    }

    /** Adds a text that is not there yet, and returns its index. */
    private int add(char[] text, int standIn, String place) {
        int index = texts.size();
        texts.add(text);
        places.add(place);
        if (index == standIns.length) {
            standIns = Arrays.copyOf(standIns, 2 * index);
            slots = new int[2 * slots.length];
            for (int i = 0; i < index; i++) {
                insert(i);
            }
        }
        standIns[index] = standIn;
        insert(index);
        return index;
    }

    private void insert(int index) {
        char[] text = texts.get(index);
        int slot = slot(text, 0, text.length);
        while (slots[slot] != 0) {
            slot = (slot + 1) & (slots.length - 1);
        }
        slots[slot] = index + 1;
    }

    private int find(char[] text, int from, int to) {
        int slot = slot(text, from, to);
        while (slots[slot] != 0) {
            char[] other = texts.get(slots[slot] - 1);
            if (Arrays.equals(other, 0, other.length, text, from, to)) {
                return slots[slot] - 1;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return -1;
    }

    private int slot(char[] text, int from, int to) {
        int hash = multiplier;
        for (int i = from; i < to; i++) {
            hash = (hash ^ text[i]) * multiplier;
            hash ^= hash >>> 15;
        }
        return hash & (slots.length - 1);
    }
}
