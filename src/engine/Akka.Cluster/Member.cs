using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster;

/// <summary>How far a member has come in its life.</summary>
public enum MemberStatus
{
    /// <summary>Known to the cluster, but not yet moved to Up by the leader.</summary>
    Joining = 0,

    /// <summary>A full member.</summary>
    Up = 1,

    /// <summary>On its way out, at its own wish.</summary>
    Leaving = 2,

    /// <summary>About to end.</summary>
    Exiting = 3,

    /// <summary>Declared dead.</summary>
    Down = 4,

    /// <summary>No member any more, or not yet.</summary>
    Removed = 5,

    /// <summary>Taken in while other members were unreachable.</summary>
    WeaklyUp = 6,
}

/// <summary>One node of the cluster. Two members are equal if they are the same run of the same node.</summary>
public class Member : IComparable<Member>, IComparable
{
    /// <summary>By host and port.</summary>
    public static readonly IComparer<Address> AddressOrdering = Comparer<Address>.Create(CompareAddresses);

    /// <summary>The oldest first: by the order in which members became Up.</summary>
    public static readonly IComparer<Member> AgeOrdering = Comparer<Member>.Create(static (a, b) =>
        a.Equals(b) ? 0 : a.IsOlderThan(b) ? -1 : 1);

    internal Member(UniqueAddress uniqueAddress, int upNumber, MemberStatus status, ImmutableHashSet<string> roles)
    {
        UniqueAddress = uniqueAddress;
        UpNumber = upNumber;
        Status = status;
        Roles = roles;
    }

    /// <summary>Which run of which node.</summary>
    public UniqueAddress UniqueAddress { get; }

    /// <summary>How far it has come.</summary>
    public MemberStatus Status { get; }

    /// <summary>What it is there for, in its own configuration's words.</summary>
    public ImmutableHashSet<string> Roles { get; }

    /// <summary>Where it is reached.</summary>
    public Address Address => UniqueAddress.Address;

    /// <summary>The how-manieth it was to become Up; int.MaxValue before that.</summary>
    internal int UpNumber { get; }

    /// <summary>Of two versions of the same member, the one further in life.</summary>
    public static Member HighestPriorityOf(Member m1, Member m2) => Stage(m1.Status) >= Stage(m2.Status) ? m1 : m2;

    /// <summary>Of two versions of the same member, the one further in life.</summary>
    public static Member PickNextTransition(Member a, Member b) => HighestPriorityOf(a, b);

    /// <summary>Whether it became Up before the other.</summary>
    public bool IsOlderThan(Member other) => UpNumber == other.UpNumber
        ? AddressOrdering.Compare(Address, other.Address) < 0
        : UpNumber < other.UpNumber;

    /// <summary>Whether it has the role.</summary>
    public bool HasRole(string role) => Roles.Contains(role);

    /// <summary>The same member with another status.</summary>
    /// <exception cref="InvalidOperationException">A member's life goes one way only.</exception>
    public Member Copy(MemberStatus status)
    {
        if (status == Status) return this;
        if (Stage(status) < Stage(Status))
            throw new InvalidOperationException($"A member cannot go from {Status} to {status}.");
        return new Member(UniqueAddress, UpNumber, status, Roles);
    }

    /// <summary>The same member, now Up.</summary>
    public Member CopyUp(int upNumber) => new(UniqueAddress, upNumber, Copy(MemberStatus.Up).Status, Roles);

    /// <inheritdoc/>
    public int CompareTo(Member? other) => other is null ? 1 : UniqueAddress.CompareTo(other.UniqueAddress);

    int IComparable.CompareTo(object? obj) => CompareTo(obj as Member);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Member other && UniqueAddress.Equals(other.UniqueAddress);

    /// <inheritdoc/>
    public override int GetHashCode() => UniqueAddress.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() =>
        $"Member(address = {Address}, Uid={UniqueAddress.Uid}, status = {Status}, " +
        $"role=[{string.Join(",", Roles)}], upNumber={UpNumber})";

    /// <summary>The order in which the statuses of a life follow each other; none is ever taken back.</summary>
    internal static int Stage(MemberStatus status) => status switch
    {
        MemberStatus.Joining => 0,
        MemberStatus.WeaklyUp => 1,
        MemberStatus.Up => 2,
        MemberStatus.Leaving => 3,
        MemberStatus.Exiting => 4,
        MemberStatus.Down => 5,
        _ => 6,
    };

    private static int CompareAddresses(Address? a, Address? b)
    {
        if (ReferenceEquals(a, b)) return 0;
        if (a is null || b is null) return a is null ? -1 : 1;
        var byHost = string.CompareOrdinal(a.Host ?? "", b.Host ?? "");
        return byHost != 0 ? byHost : (a.Port ?? 0).CompareTo(b.Port ?? 0);
    }
}
