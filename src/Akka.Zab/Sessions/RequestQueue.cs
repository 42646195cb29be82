using System.Diagnostics;
using System.Numerics;
using Akka.Zab.Client;

namespace Akka.Zab.Sessions;

/// <summary>
/// The requests of one connection from arrival to reply: results may come in any order, replies leave in the order of
/// the requests. Requests are numbered consecutively, so a result finds its request by its number.
/// </summary>
/// <param name="connection">The connection's number, the upper half of its request ids; not 0.</param>
internal sealed class RequestQueue(int connection)
{
    private struct Slot
    {
        public int Xid;
        public bool Done;
        public long Zxid;
        public IZabMessage? Content;
    }

    private readonly record struct LateEvent(uint After, ClientOutput Output);

    private Slot[] _slots = new Slot[16];
    private uint _head = 1;
    private uint _tail = 1;
    private uint _latest;
    private bool _resultSeen;
    private ClientOutput[] _ready = [];
    private int _readyCount;
    private Queue<LateEvent>? _late;

    /// <summary>How many requests are not answered yet.</summary>
    public int Count => (int)(_tail - _head);

    /// <summary>The last zxid that was passed to the client.</summary>
    public long LastZxid { get; private set; }

    /// <summary>Takes a request; returns the number that its result must carry.</summary>
    public long Add(int xid)
    {
        if (Count == _slots.Length) Grow();
        ref var slot = ref _slots[_tail & (uint)(_slots.Length - 1)];
        slot = new Slot { Xid = xid };
        return RequestId(_tail++);
    }

    /// <summary>
    /// A result has arrived, of a request of this connection or of an earlier one of the same session: that is ignored.
    /// </summary>
    /// <param name="requestId">The number of its request.</param>
    /// <param name="zxid">The last transaction applied then; 0 if the session answers by itself.</param>
    /// <param name="content">The reply.</param>
    /// <returns>Whether a request was waiting for it.</returns>
    public bool Complete(long requestId, long zxid, Reply content)
    {
        var number = (uint)requestId;
        if ((int)(requestId >> 32) != connection || number - _head >= (uint)Count) return false;
        ref var slot = ref _slots[number & (uint)(_slots.Length - 1)];
        Trace.Assert(!slot.Done, "A request was answered twice.");
        slot.Done = true;
        slot.Zxid = zxid;
        slot.Content = content;
        if (zxid != 0)
        {
            if (!_resultSeen || (int)(number - _latest) > 0) _latest = number;
            _resultSeen = true;
        }
        return true;
    }

    /// <summary>
    /// A watch has fired. Its event leaves at once, unless a result that came before it still waits for its turn:
    /// that may be the one which set the watch, and a client does not expect an event before it.
    /// </summary>
    public void Event(long zxid, WatchEvent content)
    {
        var output = new ClientOutput(-1, zxid, content);
        Release();
        if (_resultSeen && _latest - _head < (uint)Count)
            (_late ??= new Queue<LateEvent>()).Enqueue(new LateEvent(_latest, output));
        else
            Emit(output);
    }

    /// <summary>What is ready to leave, in order; empty if nothing is. The array is the caller's.</summary>
    public ClientOutput[] Take()
    {
        Release();
        if (_readyCount == 0) return [];
        var outputs = new ClientOutput[_readyCount];
        Array.Copy(_ready, outputs, _readyCount);
        Array.Clear(_ready, 0, _readyCount);
        _readyCount = 0;
        return outputs;
    }

    private void Release()
    {
        var mask = (uint)(_slots.Length - 1);
        while (_head != _tail)
        {
            ref var slot = ref _slots[_head & mask];
            if (!slot.Done) return;
            // Never less than the client has seen: it takes the last one for how far it has come.
            if (slot.Zxid > LastZxid) LastZxid = slot.Zxid;
            Emit(new ClientOutput(slot.Xid, LastZxid, slot.Content!));
            slot = default;
            var released = _head++;
            while (_late is { Count: > 0 } && (int)(released - _late.Peek().After) >= 0) Emit(_late.Dequeue().Output);
        }
    }

    private void Emit(in ClientOutput output)
    {
        if (_readyCount == _ready.Length) Array.Resize(ref _ready, Math.Max(16, _ready.Length * 2));
        _ready[_readyCount++] = output;
    }

    private void Grow()
    {
        var larger = new Slot[(int)BitOperations.RoundUpToPowerOf2((uint)_slots.Length + 1)];
        for (var number = _head; number != _tail; number++)
            larger[number & (uint)(larger.Length - 1)] = _slots[number & (uint)(_slots.Length - 1)];
        _slots = larger;
    }

    private long RequestId(uint number) => ((long)connection << 32) | number;
}
