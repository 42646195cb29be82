using Akka.Actor;

namespace Akka.Cluster;

/// <summary>One run of an actor system: its address, and the number that tells it from other runs.</summary>
public class UniqueAddress(Address address, int uid)
    : IComparable<UniqueAddress>, IEquatable<UniqueAddress>, IComparable
{
    /// <summary>Where it is reached.</summary>
    public Address Address { get; } = address;

    /// <summary>Which run.</summary>
    public int Uid { get; } = uid;

    /// <summary>The same run.</summary>
    public static bool operator ==(UniqueAddress? left, UniqueAddress? right) => Equals(left, right);

    /// <summary>Another run.</summary>
    public static bool operator !=(UniqueAddress? left, UniqueAddress? right) => !Equals(left, right);

    /// <inheritdoc/>
    public int CompareTo(UniqueAddress? other)
    {
        if (other is null) return 1;
        var byAddress = Member.AddressOrdering.Compare(Address, other.Address);
        return byAddress != 0 ? byAddress : Uid.CompareTo(other.Uid);
    }

    int IComparable.CompareTo(object? obj) => obj switch
    {
        null => 1,
        UniqueAddress other => CompareTo(other),
        _ => throw new ArgumentException($"Cannot compare a UniqueAddress with a {obj.GetType()}."),
    };

    /// <inheritdoc/>
    public bool Equals(UniqueAddress? other) => other is not null && Uid == other.Uid && Address.Equals(other.Address);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as UniqueAddress);

    /// <inheritdoc/>
    public override int GetHashCode() => Uid;

    /// <inheritdoc/>
    public override string ToString() => $"UniqueAddress: ({Address}, {Uid})";
}
