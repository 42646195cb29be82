using Akka.Actor;

namespace Akka.Serialization;

/// <summary>
/// On whose behalf something is serialised: references are written as seen by those who reach the system at the
/// address.
/// </summary>
public sealed class Information(Address address, ActorSystem system) : IEquatable<Information>
{
    public Address Address { get; } = address;

    public ActorSystem System { get; } = system;

    public static bool operator ==(Information? left, Information? right) => Equals(left, right);

    public static bool operator !=(Information? left, Information? right) => !Equals(left, right);

    public bool Equals(Information? other) =>
        other is not null && Address.Equals(other.Address) && ReferenceEquals(System, other.System);

    public override bool Equals(object? obj) => obj is Information other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Address, System);
}
