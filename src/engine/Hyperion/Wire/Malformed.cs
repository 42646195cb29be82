using System.Runtime.Serialization;

namespace Hyperion.Wire;

/// <summary>The errors of bytes that are no message, each in one sentence.</summary>
internal static class Malformed
{
    public static SerializationException Truncated() => new("The message ends before its content does.");

    public static SerializationException Length(ulong length, int remaining) =>
        new($"The message announces {length} bytes or elements where {remaining} bytes are left.");

    public static SerializationException Number() => new("The message holds a number that is too long.");

    public static SerializationException Tag(ulong tag) =>
        new($"The message holds the type or object number {tag}, which it does not define.");

    public static SerializationException Value(string what) => new($"The message holds an impossible {what}.");

    public static SerializationException TooDeep(Type type) =>
        new($"{type} is nested too deeply; a cycle needs preserve-object-references.");

    public static SerializationException Mismatch(Type expected, Type found) =>
        new($"The message holds a {found} where a {expected} belongs.");

    public static SerializationException Layout(Type type) =>
        new($"{type} has other fields here than where it was serialised.");
}
