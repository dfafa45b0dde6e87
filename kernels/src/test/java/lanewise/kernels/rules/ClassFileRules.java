package lanewise.kernels.rules;

import static org.objectweb.asm.Opcodes.ACC_FINAL;
import static org.objectweb.asm.Opcodes.ACC_STATIC;
import static org.objectweb.asm.Opcodes.ANEWARRAY;
import static org.objectweb.asm.Opcodes.ASM9;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * What no class of the kernels may do, read from its class file.
 *
 * <p><b>Dependencies.</b> The vector module may be missing, so only the package that needs it names it, and only the
 * look-up names that package.
 *
 * <p><b>Boxing.</b> A vector stays in registers only while the JIT sees all of its life: in a field, an array, a lambda
 * or an out-of-line call it becomes an object, and the code ten to a hundred times slower. The same happens where a call's
 * receiver is its own result of an earlier turn, as in {@code sum = sum.add(x)}: the class of the sum is then known from a
 * profile alone, which one JVM in twelve has not taken when it compiles. {@code sum = x.add(sum)} needs none.
 *
 * <p><b>Bits.</b> The order in which {@code reduceLanes} adds and the last bit of {@code Math.exp} and its kin change
 * when the JIT compiles them.
 */
final class ClassFileRules {
    private static final String VECTOR_MODULE = "jdk/incubator/vector/";
    private static final String SIMD = "lanewise/kernels/simd/";
    private static final String SCALAR = "lanewise/kernels/scalar/";
    private static final String LOOK_UP = "lanewise/kernels/backend/Backend";

    private static final Predicate<String> HOLDS_VECTOR = Pattern.compile(
                    VECTOR_MODULE + "(\\w*Vector|VectorMask|VectorShuffle)[;<]")
            .asPredicate();
    private static final String SPECIES = "L" + VECTOR_MODULE + "VectorSpecies;";

    /** As constants these are known to the JIT: a blend or a rearrangement by one is an instruction. */
    private static final Set<String> SELECTS_LANES =
            Set.of("L" + VECTOR_MODULE + "VectorMask;", "L" + VECTOR_MODULE + "VectorShuffle;");

    /** The functions whose last bit the specification leaves open. */
    private static final Set<String> INEXACT = Set.of(
            "acos", "asin", "atan", "atan2", "cbrt", "cos", "cosh", "exp", "expm1", "hypot", "log", "log10", "log1p",
            "pow", "sin", "sinh", "tan", "tanh");

    /** The reductions that have the same result in any order. */
    private static final Set<String> ORDERLESS = Set.of("AND", "MAX", "MIN", "OR", "UMAX", "UMIN", "XOR");

    private ClassFileRules() {}

    /** One sentence for each violation in the class; none when it keeps the rules. */
    static Set<String> violations(byte[] classFile) {
        ClassReader reader = new ClassReader(classFile);
        Set<String> violations = new TreeSet<>();
        Remapper dependencies = new Remapper(ASM9) {
            @Override
            public String map(String name) {
                dependency(reader.getClassName(), name, violations);
                return name;
            }
        };
        reader.accept(new ClassRemapper(ASM9, new Body(reader.getClassName(), violations), dependencies) {}, 0);
        ClassNode tree = new ClassNode();
        reader.accept(tree, 0);
        for (MethodNode method : tree.methods) {
            for (String call : Receivers.ofThemselves(tree.name, method, VECTOR_MODULE)) {
                violations.add(tree.name + "." + method.name + " calls " + call + " on what it returned before");
            }
        }
        return violations;
    }

    private static void dependency(String from, String to, Set<String> violations) {
        boolean simd = from.startsWith(SIMD);
        boolean lookUp = from.equals(LOOK_UP) || from.startsWith(LOOK_UP + "$");
        if (to.startsWith(VECTOR_MODULE) && !simd) {
            violations.add(from + " names the vector module");
        }
        if (to.startsWith(SIMD) && !simd && !lookUp) {
            violations.add(from + " names " + to);
        }
        if (to.startsWith(SCALAR) && !from.startsWith(SCALAR) && !simd && !lookUp) {
            violations.add(from + " names " + to);
        }
    }

    /** The rules on fields and methods. */
    private static final class Body extends ClassVisitor {
        private final String owner;
        private final Set<String> violations;

        Body(String owner, Set<String> violations) {
            super(ASM9);
            this.owner = owner;
            this.violations = violations;
        }

        @Override
        public FieldVisitor visitField(int access, String name, String type, String signature, Object value) {
            boolean constant = (access & ACC_STATIC) != 0 && (access & ACC_FINAL) != 0;
            if (HOLDS_VECTOR.test(type + signature) && !(constant && SELECTS_LANES.contains(type))) {
                violations.add(owner + "." + name + " is a field that holds vectors");
            }
            if (type.contains(SPECIES) && !(constant && type.equals(SPECIES))) {
                violations.add(owner + "." + name + " is a species but no static final one");
            }
            return null;
        }

        @Override
        public MethodVisitor visitMethod(int access, String name, String type, String signature, String[] thrown) {
            String method = owner + "." + name;
            if (HOLDS_VECTOR.test(type + signature)) {
                violations.add(method + " takes or returns vectors");
            }
            return new MethodVisitor(ASM9) {
                /** The vector operator that the last instruction has put on the stack, or null. */
                private String operator;

                @Override
                public void visitFieldInsn(int opcode, String from, String field, String type) {
                    operator = from.equals(VECTOR_MODULE + "VectorOperators") ? field : null;
                    if (operator != null && INEXACT.contains(operator.toLowerCase(Locale.ROOT))) {
                        violations.add(method + " uses VectorOperators." + operator);
                    }
                }

                @Override
                public void visitMethodInsn(int opcode, String from, String called, String type, boolean isInterface) {
                    if (called.startsWith("reduceLanes") && (operator == null || !ORDERLESS.contains(operator))) {
                        violations.add(method + " sums or multiplies with " + called);
                    }
                    inexact(from, called);
                    operator = null;
                }

                @Override
                public void visitInvokeDynamicInsn(String lambda, String type, Handle factory, Object... arguments) {
                    if (HOLDS_VECTOR.test(type)) {
                        violations.add(method + " captures vectors in a lambda");
                    }
                    for (Object argument : arguments) {
                        if (argument instanceof Handle target) {
                            inexact(target.getOwner(), target.getName());
                        }
                    }
                }

                @Override
                public void visitTypeInsn(int opcode, String type) {
                    array(opcode == ANEWARRAY, "L" + type + ";");
                }

                @Override
                public void visitMultiANewArrayInsn(String type, int dimensions) {
                    array(true, type);
                }

                private void array(boolean created, String type) {
                    if (created && HOLDS_VECTOR.test(type)) {
                        violations.add(method + " makes an array of vectors");
                    }
                }

                private void inexact(String from, String called) {
                    if (from.equals("java/lang/Math") && INEXACT.contains(called)) {
                        violations.add(method + " calls Math." + called);
                    }
                }
            };
        }
    }
}
