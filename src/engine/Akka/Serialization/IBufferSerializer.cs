using System.Buffers;

namespace Akka.Serialization;

/// <summary>
/// A serializer without manifest that writes to, and reads from, the middle of someone else's buffer.
/// </summary>
internal interface IBufferSerializer
{
    void ToBuffer(object obj, IBufferWriter<byte> target);

    object FromBuffer(byte[] buffer, int offset, int count);
}
