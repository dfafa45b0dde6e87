package lanewise.kernels.rules;

import static org.objectweb.asm.Opcodes.ASM9;
import static org.objectweb.asm.Opcodes.CHECKCAST;
import static org.objectweb.asm.Opcodes.INVOKEVIRTUAL;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.Frame;
import org.objectweb.asm.tree.analysis.SourceInterpreter;
import org.objectweb.asm.tree.analysis.SourceValue;

/** Follows the receivers of virtual calls through a method. */
final class Receivers {
    /** For each call the instructions its receiver can come from. */
    private final Map<AbstractInsnNode, Set<AbstractInsnNode>> origins = new HashMap<>();

    private Receivers(String owner, MethodNode method, String classes) {
        try {
            Frame<SourceValue>[] frames = new Analyzer<>(new Origins()).analyze(owner, method);
            for (int i = 0; i < frames.length; i++) {
                if (frames[i] != null
                        && method.instructions.get(i) instanceof MethodInsnNode call
                        && call.getOpcode() == INVOKEVIRTUAL
                        && call.owner.startsWith(classes)) {
                    int arguments = Type.getArgumentTypes(call.desc).length;
                    origins.put(call, frames[i].getStack(frames[i].getStackSize() - 1 - arguments).insns);
                }
            }
        } catch (AnalyzerException e) {
            throw new IllegalArgumentException(owner + "." + method.name, e);
        }
    }

    /**
     * The names of the methods, of classes whose names begin so, that are called on their own result of an earlier turn of
     * a loop, or on what was made of it.
     */
    static Set<String> ofThemselves(String owner, MethodNode method, String classes) {
        Receivers receivers = new Receivers(owner, method, classes);
        Set<String> calls = new TreeSet<>();
        for (AbstractInsnNode call : receivers.origins.keySet()) {
            if (receivers.reaches(call)) {
                calls.add(((MethodInsnNode) call).name);
            }
        }
        return calls;
    }

    private boolean reaches(AbstractInsnNode call) {
        Set<AbstractInsnNode> seen = new HashSet<>();
        ArrayDeque<AbstractInsnNode> open = new ArrayDeque<>(origins.get(call));
        while (!open.isEmpty()) {
            AbstractInsnNode origin = open.remove();
            if (origin == call) {
                return true;
            }
            if (seen.add(origin)) {
                open.addAll(origins.getOrDefault(origin, Set.of()));
            }
        }
        return false;
    }

    /** Values by the instructions that made them; a copy comes from what made the original. */
    private static final class Origins extends SourceInterpreter {
        Origins() {
            super(ASM9);
        }

        @Override
        public SourceValue copyOperation(AbstractInsnNode instruction, SourceValue value) {
            return value;
        }

        @Override
        public SourceValue unaryOperation(AbstractInsnNode instruction, SourceValue value) {
            return instruction.getOpcode() == CHECKCAST ? value : super.unaryOperation(instruction, value);
        }
    }
}
