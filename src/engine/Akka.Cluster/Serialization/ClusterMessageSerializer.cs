using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Membership;
using Akka.Remote.Serialization;
using Akka.Remote.Transport;
using Akka.Serialization;

namespace Akka.Cluster.Serialization;

/// <summary>The messages between the nodes of a cluster.</summary>
public class ClusterMessageSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private static readonly MessageTable s_messages = new MessageTable("the messages between the nodes of a cluster")
        .Add<Heartbeat>(
            "HB",
            static (writer, beat) =>
            {
                Write(writer, beat.From);
                writer.WriteVarint((ulong)beat.Number);
            },
            static (ref reader) => new Heartbeat(ReadAddress(ref reader), (long)reader.ReadVarint()))
        .Add<HeartbeatAnswer>(
            "HBR",
            static (writer, answer) =>
            {
                Write(writer, answer.From);
                writer.WriteVarint((ulong)answer.Number);
            },
            static (ref reader) => new HeartbeatAnswer(ReadNode(ref reader), (long)reader.ReadVarint()))
        .Add<GossipEnvelope>(
            "GE",
            static (writer, envelope) =>
            {
                Write(writer, envelope.From);
                Write(writer, envelope.To);
                GossipForm.Write(writer, envelope.Gossip);
            },
            static (ref reader) =>
                new GossipEnvelope(ReadNode(ref reader), ReadNode(ref reader), GossipForm.Read(ref reader)))
        .Add("IJ", new InitJoin())
        .Add<InitJoinAck>(
            "IJA",
            static (writer, ack) => Write(writer, ack.Address),
            static (ref reader) => new InitJoinAck(ReadAddress(ref reader)))
        .Add<InitJoinNack>(
            "IJN",
            static (writer, nack) => Write(writer, nack.Address),
            static (ref reader) => new InitJoinNack(ReadAddress(ref reader)))
        .Add<Join>(
            "J",
            static (writer, join) =>
            {
                Write(writer, join.Node);
                Write(writer, join.Roles);
            },
            static (ref reader) => new Join(ReadNode(ref reader), ReadStrings(ref reader)))
        .Add<Welcome>(
            "W",
            static (writer, welcome) =>
            {
                Write(writer, welcome.From);
                GossipForm.Write(writer, welcome.Gossip);
            },
            static (ref reader) => new Welcome(ReadNode(ref reader), GossipForm.Read(ref reader)))
        .Add<Leave>(
            "L",
            static (writer, leave) => Write(writer, leave.Address),
            static (ref reader) => new Leave(ReadAddress(ref reader)))
        .Add<Down>(
            "D",
            static (writer, down) => Write(writer, down.Address),
            static (ref reader) => new Down(ReadAddress(ref reader)))
        .Add<ExitingConfirmed>(
            "EC",
            static (writer, exiting) => Write(writer, exiting.Node),
            static (ref reader) => new ExitingConfirmed(ReadNode(ref reader)));

    /// <inheritdoc/>
    public override int Identifier => 5;

    /// <inheritdoc/>
    public override string Manifest(object o) => s_messages.Manifest(o);

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => s_messages.Write(obj);

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest) => s_messages.Read(bytes, manifest);

    internal static void Write(FrameWriter writer, Address address) => writer.WriteString(address.ToString());

    internal static void Write(FrameWriter writer, UniqueAddress node)
    {
        Write(writer, node.Address);
        writer.WriteInt32(node.Uid);
    }

    internal static void Write(FrameWriter writer, IReadOnlyCollection<string> strings)
    {
        writer.WriteVarint((ulong)strings.Count);
        foreach (var text in strings) writer.WriteString(text);
    }

    internal static Address ReadAddress(ref FrameReader reader) =>
        Address.TryParse(reader.ReadString(), out var address)
            ? address
            : throw new ProtocolException("A message between nodes holds a broken address.");

    internal static UniqueAddress ReadNode(ref FrameReader reader) => new(ReadAddress(ref reader), reader.ReadInt32());

    internal static ImmutableHashSet<string> ReadStrings(ref FrameReader reader)
    {
        var strings = ImmutableHashSet.CreateBuilder<string>();
        for (var n = reader.ReadVarint(); n > 0; n--) strings.Add(reader.ReadString());
        return strings.ToImmutable();
    }
}

/// <summary>A gossip in bytes: the nodes once, then everything in terms of their numbers.</summary>
internal static class GossipForm
{
    public static void Write(FrameWriter writer, Gossip gossip)
    {
        var nodes = gossip.Members.Keys
            .Union(gossip.Tombstones.Keys).Union(gossip.Seen).Union(gossip.Reachability.Observers.Keys)
            .Union(gossip.Reachability.AllUnreachable).ToArray();
        var numbers = nodes.Select((n, i) => (n, i)).ToDictionary(p => p.n, p => (ulong)p.i);
        writer.WriteVarint((ulong)nodes.Length);
        foreach (var node in nodes) ClusterMessageSerializer.Write(writer, node);
        writer.WriteVarint((ulong)gossip.Members.Count);
        foreach (var member in gossip.Members.Values)
        {
            writer.WriteVarint(numbers[member.UniqueAddress]);
            writer.WriteByte((byte)member.Status);
            writer.WriteInt32(member.UpNumber);
            ClusterMessageSerializer.Write(writer, member.Roles);
        }
        writer.WriteVarint((ulong)gossip.Reachability.Observers.Count);
        foreach (var (observer, seen) in gossip.Reachability.Observers)
        {
            writer.WriteVarint(numbers[observer]);
            writer.WriteVarint((ulong)seen.Version);
            WriteNodes(seen.Unreachable);
        }
        writer.WriteVarint((ulong)gossip.Tombstones.Count);
        foreach (var (node, time) in gossip.Tombstones)
        {
            writer.WriteVarint(numbers[node]);
            writer.WriteVarint((ulong)time);
        }
        WriteNodes(gossip.Seen);

        void WriteNodes(IReadOnlyCollection<UniqueAddress> set)
        {
            writer.WriteVarint((ulong)set.Count);
            foreach (var node in set) writer.WriteVarint(numbers[node]);
        }
    }

    public static Gossip Read(ref FrameReader reader)
    {
        var nodes = new List<UniqueAddress>();
        for (var n = reader.ReadVarint(); n > 0; n--) nodes.Add(ClusterMessageSerializer.ReadNode(ref reader));
        var members = Gossip.NoMembers.ToBuilder();
        for (var n = reader.ReadVarint(); n > 0; n--)
        {
            var node = Node(ref reader, nodes);
            var status = (MemberStatus)reader.ReadByte();
            if (!Enum.IsDefined(status)) throw new ProtocolException($"A gossip holds the unknown status {status}.");
            members[node] = new Member(
                node, reader.ReadInt32(), status, ClusterMessageSerializer.ReadStrings(ref reader));
        }
        var observers = ImmutableSortedDictionary.CreateBuilder<UniqueAddress, Observation>();
        for (var n = reader.ReadVarint(); n > 0; n--)
        {
            var observer = Node(ref reader, nodes);
            observers[observer] = new Observation((long)reader.ReadVarint(), ReadNodes(ref reader, nodes));
        }
        var tombstones = ImmutableDictionary.CreateBuilder<UniqueAddress, long>();
        for (var n = reader.ReadVarint(); n > 0; n--)
        {
            var node = Node(ref reader, nodes);
            tombstones[node] = (long)reader.ReadVarint();
        }
        return new Gossip(members.ToImmutable(), new Reachability(observers.ToImmutable()), tombstones.ToImmutable(),
            ReadNodes(ref reader, nodes));
    }

    private static ImmutableHashSet<UniqueAddress> ReadNodes(ref FrameReader reader, List<UniqueAddress> nodes)
    {
        var set = ImmutableHashSet.CreateBuilder<UniqueAddress>();
        for (var n = reader.ReadVarint(); n > 0; n--) set.Add(Node(ref reader, nodes));
        return set.ToImmutable();
    }

    private static UniqueAddress Node(ref FrameReader reader, List<UniqueAddress> nodes)
    {
        var number = reader.ReadVarint();
        return number < (ulong)nodes.Count
            ? nodes[(int)number]
            : throw new ProtocolException($"A gossip refers to node {number} of {nodes.Count}.");
    }
}
