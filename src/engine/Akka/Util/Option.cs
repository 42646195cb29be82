using System.Diagnostics.CodeAnalysis;

namespace Akka.Util;

/// <summary>A value that may be absent, without null.</summary>
public readonly struct Option<T>
{
    public static readonly Option<T> None = default;

    public Option(T value)
    {
        Value = value;
        HasValue = value is not null;
    }

    public static Option<T> Create(T value) => new(value);

    [MemberNotNullWhen(true, nameof(Value))]
    public bool HasValue { get; }

    public bool IsEmpty => !HasValue;

    public T Value { get; }

    public T GetOrElse(T fallbackValue) => HasValue ? Value : fallbackValue;

    public Option<TNew> Select<TNew>(Func<T, TNew> selector) =>
        HasValue ? new Option<TNew>(selector(Value)) : Option<TNew>.None;

    public Option<TNew> FlatSelect<TNew>(Func<T, Option<TNew>> mapper) => HasValue ? mapper(Value) : Option<TNew>.None;

    public void OnSuccess(Action<T> action)
    {
        if (HasValue)
            action(Value);
    }

    public static implicit operator Option<T>(T value) => new(value);

    public static bool operator ==(Option<T> left, Option<T> right) => left.Equals(right);

    public static bool operator !=(Option<T> left, Option<T> right) => !left.Equals(right);

    public bool Equals(Option<T> other) =>
        HasValue == other.HasValue && EqualityComparer<T>.Default.Equals(Value, other.Value);

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Option<T> other && Equals(other);

    public override int GetHashCode() => HasValue ? EqualityComparer<T>.Default.GetHashCode(Value) : 0;

    public override string ToString() => HasValue ? $"Some<{Value}>" : "None";
}
