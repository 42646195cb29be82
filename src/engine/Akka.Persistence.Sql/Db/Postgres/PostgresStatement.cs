using Npgsql;
using NpgsqlTypes;

namespace Akka.Persistence.Sql.Db.Postgres;

/// <summary>A statement's text and what its parameters are bound to. Npgsql prepares it by itself.</summary>
sealed class PostgresStatement(PostgresSession session, string sql, int mostParameters) : SqlStatement
{
    readonly Value[] _values = new Value[mostParameters];
    int _parameters;
    NpgsqlCommand? _query;
    NpgsqlDataReader? _reader;

    public override SqlStatement Bind(int parameter, long value) => Bind(parameter, new Value(value, null, false));

    public override SqlStatement Bind(int parameter, string? value) => Bind(parameter, new Value(0, value, true));

    public override SqlStatement Bind(int parameter, byte[] value) => Bind(parameter, new Value(0, value, false));

    public override void Add()
    {
        var command = new NpgsqlBatchCommand(sql);
        var bytes = Give(command.Parameters);
        session.Add(command, bytes);
    }

    public override int Run()
    {
        using var command = session.Command(sql);
        Give(command.Parameters);
        return session.Guard(command.ExecuteNonQuery);
    }

    public override bool Next()
    {
        var found = false;
        try
        {
            if (_reader is null)
            {
                var query = _query = session.Command(sql);
                Give(_query.Parameters);
                _reader = session.Guard(() => query.ExecuteReader());
            }
            return found = session.Guard(_reader.Read);
        }
        finally
        {
            if (!found)
                Reset();
        }
    }

    public override void Reset()
    {
        _reader?.Dispose();
        _reader = null;
        _query?.Dispose();
        _query = null;
    }

    public override bool IsNull(int column) => _reader!.IsDBNull(column);

    // A column may be an integer of either size.
    public override long Long(int column) => _reader!.GetFieldType(column) == typeof(int)
        ? _reader.GetInt32(column)
        : _reader.GetInt64(column);

    public override string Text(int column) => IsNull(column) ? "" : _reader!.GetString(column);

    public override byte[] Blob(int column) => IsNull(column) ? [] : _reader!.GetFieldValue<byte[]>(column);

    public override void Dispose()
    {
        try
        {
            Reset();
        }
        catch (Exception e) when (PostgresFailure.IsTheServers(e))
        {
            // The connection is about to be closed anyway.
        }
    }

    SqlStatement Bind(int parameter, Value value)
    {
        _values[parameter - 1] = value;
        _parameters = Math.Max(_parameters, parameter);
        return this;
    }

    int Give(NpgsqlParameterCollection parameters)
    {
        var bytes = 0;
        for (var i = 0; i < _parameters; i++)
        {
            var value = _values[i];
            switch (value.Object)
            {
                case string text:
                    parameters.Add(new NpgsqlParameter<string> { TypedValue = text });
                    bytes += text.Length;
                    break;
                case byte[] blob:
                    parameters.Add(
                        new NpgsqlParameter<byte[]> { TypedValue = blob, NpgsqlDbType = NpgsqlDbType.Bytea });
                    bytes += blob.Length;
                    break;
                case null when value.IsNullText:
                    parameters.Add(new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
                    break;
                default:
                    parameters.Add(new NpgsqlParameter<long> { TypedValue = value.Number });
                    break;
            }
        }
        return bytes;
    }

    readonly record struct Value(long Number, object? Object, bool IsNullText);
}
