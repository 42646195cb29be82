using System.Collections.Immutable;

namespace Akka.Engine.Tests.Hyperion;

internal enum Colour : byte { Red, Green = 200 }

internal record Animal(string Name);

internal sealed record Dog(string Name, int Legs) : Animal(Name);

internal sealed record Kennel(Animal First, ImmutableArray<Animal> All, Dictionary<string, Dog> ByName);

internal readonly record struct Point(int X, int Y);

internal struct Nothing;

internal sealed record Everything(
    bool Flag, byte B, sbyte Sb, short S, ushort Us, char C, int I, uint Ui, long L, ulong Ul, float F, double D,
    decimal M, DateTime When, DateTimeOffset Where, TimeSpan Span, Guid Id, string? Text, byte[]? Data, Colour Tint,
    int? Maybe, Colour? MaybeTint, Point Place, Point? MaybePlace, object? Any, int[] Numbers, string?[] Words);

internal class Base
{
    private readonly int _secret;

    public Base(int secret) => _secret = secret;

    public int Secret => _secret;
}

internal sealed class Derived(int secret, string open) : Base(secret)
{
    public string Open { get; init; } = open;
}

internal sealed class Node
{
    public Node? Next;
    public List<Node> Others = [];
}

internal sealed class Opinion
{
    public int Kept;
    [global::Hyperion.Ignore] public int Dropped;
}

internal sealed class OwnException(string message, int code, Exception? inner) : Exception(message, inner)
{
    public int Code { get; } = code;
}

internal sealed class Secretive(string word)
{
    public string Word { get; } = word;
}

internal sealed record SecretiveOnWire(string Backwards);

internal sealed record Envelope(Secretive Content, object Other);
