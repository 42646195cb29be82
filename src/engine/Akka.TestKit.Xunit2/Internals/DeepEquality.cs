using System.Collections;

namespace Akka.TestKit.Xunit2.Internals;

/// <summary>Equality as the type defines it; sequences that define none are equal item by item.</summary>
static class DeepEquality
{
    public static bool Equal<T>(T expected, T actual) => (expected, actual) switch
    {
        (null, _) or (_, null) => expected is null && actual is null,
        (IEquatable<T> equatable, _) => equatable.Equals(actual),
        (IComparable<T> comparable, _) => comparable.CompareTo(actual) == 0,
        (string, _) => expected.Equals(actual),
        (IEnumerable one, IEnumerable other) =>
            one.Cast<object>().SequenceEqual(other.Cast<object>(), ItemComparer.Instance),
        _ => expected.Equals(actual),
    };

    sealed class ItemComparer : IEqualityComparer<object>
    {
        public static readonly ItemComparer Instance = new();

        bool IEqualityComparer<object>.Equals(object? x, object? y) => Equal(x, y);

        int IEqualityComparer<object>.GetHashCode(object obj) => throw new NotSupportedException();
    }
}
