using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using Akka.Serialization;

namespace Akka.Remote.Transport;

/// <summary>
/// A message as the serializers of the actor system write it: the serializer's number, its manifest, its bytes. The
/// bytes reach to the end of the frame.
/// </summary>
internal sealed class MessageForm(ExtendedActorSystem system)
{
    // Asked for at each use: a serializer that contains this form is made before the system's serialization exists.
    private Akka.Serialization.Serialization Serialization => system.Serialization;

    public void Write(FrameWriter writer, object message)
    {
        var serializer = Serialization.FindSerializerFor(message);
        writer.WriteInt32(serializer.Identifier);
        writer.WriteString(Akka.Serialization.Serialization.ManifestFor(serializer, message));
        if (serializer is IBufferSerializer direct) direct.ToBuffer(message, writer);
        else writer.WriteBytes(serializer.ToBinary(message));
    }

    public object Read(ref FrameReader frame)
    {
        var identifier = frame.ReadInt32();
        var manifest = frame.ReadString();
        if (manifest.Length == 0 && Serialization.FindSerializerById(identifier) is IBufferSerializer direct)
            return direct.FromBuffer(frame.Buffer, frame.Position, frame.Remaining);
        return Serialization.Deserialize(
            frame.Buffer.AsSpan(frame.Position, frame.Remaining).ToArray(), identifier, manifest);
    }
}

/// <summary>The pattern of a selection, before the message that it carries.</summary>
internal static class SelectionForm
{
    private const byte Name = 1;
    private const byte Pattern = 2;
    private const byte Parent = 3;

    public static void Write(FrameWriter writer, ActorSelectionMessage selection)
    {
        writer.WriteByte(selection.WildCardFanOut ? (byte)1 : (byte)0);
        writer.WriteVarint((ulong)selection.Elements.Length);
        foreach (var element in selection.Elements)
            switch (element)
            {
                case SelectChildName name:
                    writer.WriteByte(Name);
                    writer.WriteString(name.Name);
                    break;
                case SelectChildPattern pattern:
                    writer.WriteByte(Pattern);
                    writer.WriteString(pattern.PatternStr);
                    break;
                case SelectParent:
                    writer.WriteByte(Parent);
                    break;
                default:
                    throw new SerializationException($"A selection cannot hold a {element.GetType()}.");
            }
    }

    public static (SelectionPathElement[] Elements, bool WildCardFanOut) Read(ref FrameReader frame)
    {
        var wildCard = frame.ReadByte() != 0;
        var count = frame.ReadVarint();
        if (count > (ulong)frame.Remaining) throw new ProtocolException("A selection is shorter than its content.");
        var elements = new SelectionPathElement[count];
        for (var i = 0; i < elements.Length; i++)
            elements[i] = frame.ReadByte() switch
            {
                Name => new SelectChildName(frame.ReadString()),
                Pattern => new SelectChildPattern(frame.ReadString()),
                Parent => new SelectParent(),
                var kind => throw new ProtocolException($"A selection has an element of the unknown kind {kind}."),
            };
        return (elements, wildCard);
    }
}
