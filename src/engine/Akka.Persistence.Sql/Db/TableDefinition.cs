namespace Akka.Persistence.Sql.Db;

enum ColumnType
{
    /// <summary>A number that the database gives to each row, ever larger; the primary key.</summary>
    Ordering,

    Long,

    /// <summary>As <see cref="Long"/>, in a table of tags.</summary>
    TagLong,

    Int,
    Bool,
    Text,
    Bytes,
}

/// <summary>A column.</summary>
/// <param name="Name">Its name, not quoted.</param>
/// <param name="Type">Its type.</param>
/// <param name="Length">The most characters of a text, where the database's texts have a length.</param>
/// <param name="IsNullable">Whether a row may do without.</param>
sealed record ColumnDefinition(string Name, ColumnType Type, int Length = 0, bool IsNullable = false);

/// <summary>A table as Akka.Persistence.Sql lays it out.</summary>
/// <param name="Schema">The schema, or null for the connection's own; not quoted, like every name here.</param>
/// <param name="Name">Its name.</param>
/// <param name="Columns">Its columns, in order.</param>
/// <param name="PrimaryKey">Columns of the primary key, unless that is an <see cref="ColumnType.Ordering"/>.</param>
/// <param name="Unique">Columns that no two rows have alike, besides; may be empty.</param>
/// <param name="Indexes">The columns of each index.</param>
sealed record TableDefinition(
    string? Schema, string Name, ColumnDefinition[] Columns, string[] PrimaryKey, string[] Unique, string[][] Indexes)
{
    public string IndexName(string[] columns) => $"{Name}_{string.Join("_", columns)}_idx";
}
