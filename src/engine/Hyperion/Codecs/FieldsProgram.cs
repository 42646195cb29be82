using System.Reflection;
using System.Reflection.Emit;
using Hyperion.Wire;
using Hyperion.ValueSerializers;

namespace Hyperion.Codecs;

/// <summary>
/// The compiled loops over the fields of one type. Primitive fields are direct calls of the wire's methods; each other
/// field is one virtual call of the codec for its static type. Generated as IL, because only IL may set init-only
/// fields.
/// </summary>
internal sealed class FieldsProgram<T>(FieldsProgram<T>.Writer write, FieldsProgram<T>.Reader read)
{
    internal delegate void Writer(Output output, T value);

    internal delegate void Reader(Input input, ref T value);

    public void Write(Output output, T value) => write(output, value);

    public void Read(Input input, ref T value) => read(input, ref value);

    public static FieldsProgram<T> Compile(Serializer serializer, IReadOnlyList<FieldInfo> fields)
    {
        foreach (var field in fields)
            if (field.FieldType.IsPointer || field.FieldType.IsFunctionPointer || field.FieldType.IsByRefLike)
                throw new UnsupportedTypeException(typeof(T), $"{typeof(T)} cannot be serialised: {field.Name}.");
        var codecs = new Codec[fields.Count];
        var write = NewMethod("Write", typeof(Output), typeof(T));
        var read = NewMethod("Read", typeof(Input), typeof(T).MakeByRefType());
        var w = write.GetILGenerator();
        var r = read.GetILGenerator();
        for (var i = 0; i < fields.Count; i++)
        {
            var field = fields[i];
            if (Primitives.TryGetMethods(field.FieldType, out var writeMethod, out var readMethod))
            {
                w.Emit(OpCodes.Ldarg_1);
                LoadField(w, field);
                w.Emit(OpCodes.Call, writeMethod);
                LoadTarget(r);
                r.Emit(OpCodes.Ldarg_1);
                r.Emit(OpCodes.Call, readMethod);
            }
            else
            {
                codecs[i] = serializer.SlotFor(field.FieldType);
                var codec = typeof(Codec<>).MakeGenericType(field.FieldType);
                LoadCodec(w, i);
                w.Emit(OpCodes.Ldarg_1);
                LoadField(w, field);
                w.Emit(OpCodes.Callvirt, codec.GetMethod("Write")!);
                LoadTarget(r);
                LoadCodec(r, i);
                r.Emit(OpCodes.Ldarg_1);
                r.Emit(OpCodes.Callvirt, codec.GetMethod("Read")!);
            }
            r.Emit(OpCodes.Stfld, field);
        }
        w.Emit(OpCodes.Ret);
        r.Emit(OpCodes.Ret);
        return new FieldsProgram<T>(
            write.CreateDelegate<Writer>(codecs), read.CreateDelegate<Reader>(codecs));
    }

    private static DynamicMethod NewMethod(string name, Type wire, Type value) =>
        new($"{name} {typeof(T).Name}", typeof(void), [typeof(Codec[]), wire, value],
            typeof(FieldsProgram<T>).Module, skipVisibility: true);

    private static void LoadCodec(ILGenerator il, int index)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, index);
        il.Emit(OpCodes.Ldelem_Ref);
    }

    private static void LoadField(ILGenerator il, FieldInfo field)
    {
        if (typeof(T).IsValueType) il.Emit(OpCodes.Ldarga_S, (byte)2);
        else il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Ldfld, field);
    }

    private static void LoadTarget(ILGenerator il)
    {
        il.Emit(OpCodes.Ldarg_2);
        if (!typeof(T).IsValueType) il.Emit(OpCodes.Ldind_Ref);
    }
}
