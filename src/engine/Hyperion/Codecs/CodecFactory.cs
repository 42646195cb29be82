using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Reflection;
using Hyperion.ValueSerializers;

namespace Hyperion.Codecs;

/// <summary>Chooses the form in which a type travels.</summary>
internal static class CodecFactory
{
    private static readonly Dictionary<Type, string> Collections = new()
    {
        [typeof(HashSet<>)] = nameof(HashSet),
        [typeof(SortedSet<>)] = nameof(SortedSet),
        [typeof(Queue<>)] = nameof(Queue),
        [typeof(Stack<>)] = nameof(Stack),
        [typeof(LinkedList<>)] = nameof(LinkedList),
        [typeof(ReadOnlyCollection<>)] = nameof(ReadOnly),
        [typeof(ConcurrentQueue<>)] = nameof(ConcurrentQueue),
        [typeof(ImmutableList<>)] = nameof(ImmutableList),
        [typeof(ImmutableHashSet<>)] = nameof(ImmutableHashSet),
        [typeof(ImmutableSortedSet<>)] = nameof(ImmutableSortedSet),
        [typeof(SortedDictionary<,>)] = nameof(SortedDictionary),
        [typeof(ConcurrentDictionary<,>)] = nameof(ConcurrentDictionary),
        [typeof(ImmutableDictionary<,>)] = nameof(ImmutableDictionary),
        [typeof(ImmutableSortedDictionary<,>)] = nameof(ImmutableSortedDictionary),
    };

    public static Codec Create(Serializer serializer, Type type)
    {
        foreach (var surrogate in serializer.Options.Surrogates)
            if (surrogate.IsSurrogateFor(type))
                return new SurrogateCodec(serializer, type, surrogate);
        var codec = CreateOwn(serializer, type);
        foreach (var surrogate in serializer.Options.Surrogates)
            if (surrogate.To.IsAssignableFrom(type))
            {
                codec.FromSurrogate = surrogate.FromSurrogate;
                break;
            }
        return codec;
    }

    private static Codec CreateOwn(Serializer serializer, Type type)
    {
        // Refused before a generic codec of it is made: some of these cannot be generic arguments.
        if (type.IsPointer || type.IsByRef || type.IsByRefLike || type.IsFunctionPointer ||
            type.ContainsGenericParameters || type == typeof(void))
            throw new UnsupportedTypeException(type, $"{type} cannot be serialised.");
        if (typeof(Type).IsAssignableFrom(type)) return serializer.CodecFor(typeof(Type));
        if (type.IsEnum) return Primitives.Create(serializer, type);
        if (type.IsArray)
        {
            var element = type.GetElementType()!;
            if (!type.IsSZArray)
                throw new UnsupportedTypeException(type, $"{type} cannot be serialised: use a jagged array.");
            return New(element.IsPrimitive && element != typeof(bool) && element != typeof(nint) &&
                       element != typeof(nuint) ? typeof(BlockArrayCodec<>) : typeof(ArrayCodec<>), [element]);
        }
        if (typeof(Exception).IsAssignableFrom(type)) return New(typeof(ExceptionCodec<>), [type]);
        if (type.IsGenericType)
        {
            var definition = type.GetGenericTypeDefinition();
            var arguments = type.GetGenericArguments();
            if (definition == typeof(Nullable<>)) return New(typeof(NullableCodec<>), arguments);
            if (definition == typeof(List<>)) return New(typeof(ListCodec<>), arguments);
            if (definition == typeof(Dictionary<,>)) return New(typeof(DictionaryCodec<,>), arguments);
            if (definition == typeof(ImmutableArray<>)) return New(typeof(ImmutableArrayCodec<>), arguments);
            if (definition == typeof(ReadOnlyMemory<>)) return New(typeof(MemoryCodec<>), arguments);
            if (Collections.TryGetValue(definition, out var method))
                return (Codec)typeof(CodecFactory)
                    .GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!
                    .MakeGenericMethod(arguments).Invoke(null, [serializer])!;
        }
        // The hash codes inside such a collection belong to one process.
        for (var t = type; t is not null; t = t.BaseType)
            if (t.IsGenericType && t.Namespace?.StartsWith("System.Collections", StringComparison.Ordinal) == true &&
                t.Name.AsSpan() is var name && (name.Contains("Dictionary", StringComparison.Ordinal) ||
                                               name.Contains("Set`", StringComparison.Ordinal)) ||
                t == typeof(Hashtable))
                throw new UnsupportedTypeException(type, $"{type} cannot be serialised: use a Dictionary or a HashSet.");
        return New(type.IsValueType ? typeof(StructFieldsCodec<>) : typeof(FieldsCodec<>), [type]);

        Codec New(Type codec, Type[] arguments) =>
            (Codec)Activator.CreateInstance(codec.MakeGenericType(arguments), serializer)!;
    }

    private static Codec HashSet<T>(Serializer s) => new SequenceCodec<HashSet<T>, T>(s, new(
        c => c.Count, c => (c.Comparer, EqualityComparer<T>.Default),
        (e, c) => new HashSet<T>(e, c as IEqualityComparer<T>)));

    private static Codec SortedSet<T>(Serializer s) => new SequenceCodec<SortedSet<T>, T>(s, new(
        c => c.Count, c => (c.Comparer, Comparer<T>.Default), (e, c) => new SortedSet<T>(e, c as IComparer<T>)));

    private static Codec Queue<T>(Serializer s) => new SequenceCodec<Queue<T>, T>(s, new(
        c => c.Count, null, (e, _) => new Queue<T>(e)));

    private static Codec Stack<T>(Serializer s) => new SequenceCodec<Stack<T>, T>(s, new(
        c => c.Count, null, (e, _) =>
        {
            Array.Reverse(e);
            return new Stack<T>(e);
        }));

    private static Codec LinkedList<T>(Serializer s) => new SequenceCodec<LinkedList<T>, T>(s, new(
        c => c.Count, null, (e, _) => new LinkedList<T>(e)));

    private static Codec ReadOnly<T>(Serializer s) => new SequenceCodec<ReadOnlyCollection<T>, T>(s, new(
        c => c.Count, null, (e, _) => new ReadOnlyCollection<T>(e)));

    private static Codec ConcurrentQueue<T>(Serializer s) => new SequenceCodec<ConcurrentQueue<T>, T>(s, new(
        c => c.Count, null, (e, _) => new ConcurrentQueue<T>(e)));

    private static Codec ImmutableList<T>(Serializer s) => new SequenceCodec<ImmutableList<T>, T>(s, new(
        c => c.Count, null, (e, _) => [.. e]));

    private static Codec ImmutableHashSet<T>(Serializer s) => new SequenceCodec<ImmutableHashSet<T>, T>(s, new(
        c => c.Count, c => (c.KeyComparer, EqualityComparer<T>.Default),
        (e, c) => System.Collections.Immutable.ImmutableHashSet.CreateRange(c as IEqualityComparer<T>, e)));

    private static Codec ImmutableSortedSet<T>(Serializer s) => new SequenceCodec<ImmutableSortedSet<T>, T>(s, new(
        c => c.Count, c => (c.KeyComparer, Comparer<T>.Default),
        (e, c) => System.Collections.Immutable.ImmutableSortedSet.CreateRange(c as IComparer<T>, e)));

    private static Codec SortedDictionary<TKey, TValue>(Serializer s) where TKey : notnull =>
        new SequenceCodec<SortedDictionary<TKey, TValue>, KeyValuePair<TKey, TValue>>(s, new(
            c => c.Count, c => (c.Comparer, Comparer<TKey>.Default), (e, c) =>
            {
                var sorted = new SortedDictionary<TKey, TValue>(c as IComparer<TKey>);
                foreach (var (key, value) in e) sorted[key] = value;
                return sorted;
            }));

    private static Codec ConcurrentDictionary<TKey, TValue>(Serializer s) where TKey : notnull =>
        new SequenceCodec<ConcurrentDictionary<TKey, TValue>, KeyValuePair<TKey, TValue>>(s, new(
            c => c.Count, c => (c.Comparer, EqualityComparer<TKey>.Default),
            (e, c) => new ConcurrentDictionary<TKey, TValue>(e, c as IEqualityComparer<TKey>)));

    private static Codec ImmutableDictionary<TKey, TValue>(Serializer s) where TKey : notnull =>
        new SequenceCodec<ImmutableDictionary<TKey, TValue>, KeyValuePair<TKey, TValue>>(s, new(
            c => c.Count, c => (c.KeyComparer, EqualityComparer<TKey>.Default),
            (e, c) => System.Collections.Immutable.ImmutableDictionary.CreateRange(
                c as IEqualityComparer<TKey>, e)));

    private static Codec ImmutableSortedDictionary<TKey, TValue>(Serializer s) where TKey : notnull =>
        new SequenceCodec<ImmutableSortedDictionary<TKey, TValue>, KeyValuePair<TKey, TValue>>(s, new(
            c => c.Count, c => (c.KeyComparer, Comparer<TKey>.Default),
            (e, c) => System.Collections.Immutable.ImmutableSortedDictionary.CreateRange(
                c as IComparer<TKey>, e)));
}
