namespace Akka.Remote.Transport;

/// <summary>The bytes that one connection has sent and that are not yet whole frames.</summary>
internal sealed class ReceiveBuffer
{
    private byte[] _bytes = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>Where the next bytes go; never empty.</summary>
    public Memory<byte> Free => _bytes.AsMemory(_end);

    /// <summary>So many bytes came.</summary>
    public void Filled(int count) => _end += count;

    /// <summary>The next whole frame, until the next call; false if there is none, and room for the rest of it.</summary>
    public bool TryTake(int largest, out FrameReader frame)
    {
        if (Sockets.TryGetFrame(_bytes, _start, _end, largest, out var size))
        {
            frame = new FrameReader(_bytes, _start + FrameWriter.HeaderSize, size);
            _start += FrameWriter.HeaderSize + size;
            return true;
        }
        frame = default;
        MakeRoom(size + FrameWriter.HeaderSize);
        return false;
    }

    private void MakeRoom(int needed)
    {
        if (_start == _end)
            _start = _end = 0;
        else if (_bytes.Length - _start < needed || _bytes.Length == _end)
        {
            var target = _bytes.Length < needed ? new byte[Math.Max(_bytes.Length * 2, needed)] : _bytes;
            Buffer.BlockCopy(_bytes, _start, target, 0, _end - _start);
            (_bytes, _end, _start) = (target, _end - _start, 0);
        }
    }
}
